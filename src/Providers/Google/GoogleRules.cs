using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Google;

/// <summary>What a store of Google Secret Manager must keep to: pure.</summary>
internal static class GoogleRules
{
    public const string Root = "spec.provider.gcpsm";

    public static IEnumerable<string> Problems(StoreDescription store, GcpStore options)
    {
        if (options.SecretVersionSelectionPolicy is not (null or "" or GcpStore.LatestOrFail or GcpStore.LatestOrFetch))
            yield return $"{Root}.secretVersionSelectionPolicy \"{options.SecretVersionSelectionPolicy}\" is neither {GcpStore.LatestOrFail} nor {GcpStore.LatestOrFetch}";
        if (!string.IsNullOrEmpty(options.ProjectID) && !SecretNames.IsProject(options.ProjectID)) yield return $"{Root}.projectID \"{options.ProjectID}\" is not an id of a project";
        if (!string.IsNullOrEmpty(options.Location) && !SecretNames.IsLocation(options.Location)) yield return $"{Root}.location \"{options.Location}\" is not a name of a region";
        foreach (var problem in AuthProblems(store, options.Auth, Root + ".auth")) yield return problem;
    }

    /// <param name="path">Of the auth block, for messages.</param>
    public static IEnumerable<string> AuthProblems(StoreDescription store, GcpAuth? auth, string path)
    {
        if (auth is null) return [];
        var federation = auth.WorkloadIdentityFederation;
        return
        [
            .. auth.SecretRef is { SecretAccessKeySecretRef: null } ? [$"{path}.secretRef.secretAccessKeySecretRef is required"] : (string[])[],
            .. SelectorRules.Problems(store, path + ".secretRef.secretAccessKeySecretRef", auth.SecretRef?.SecretAccessKeySecretRef),
            .. SelectorRules.Problems(store, path + ".workloadIdentity.serviceAccountRef", auth.WorkloadIdentity?.ServiceAccountRef),
            .. federation is null ? [] : FederationProblems(store, federation, path + ".workloadIdentityFederation"),
        ];
    }

    public static IEnumerable<string> Unused(GcpStore options)
    {
        // It may say the project, whoever logs in.
        var namesProject = string.IsNullOrEmpty(options.ProjectID) && options.Auth?.WorkloadIdentity is { ClusterProjectID.Length: > 0 };
        return UnusedLogins(options.Auth, Root + ".auth", own: null).Where(field => !namesProject || field != Root + ".auth.workloadIdentity");
    }

    /// <summary>What was given of a login and has no effect, in the order of <see cref="GoogleLogins"/>.</summary>
    /// <param name="path">Of the auth block, for the paths.</param>
    /// <param name="own">The namespace where all is read; null where selectors have a say.</param>
    public static IEnumerable<string> UnusedLogins(GcpAuth? auth, string path, string? own) =>
    [
        .. UnusedOptions.Besides((path + ".secretRef", auth?.SecretRef), (path + ".workloadIdentity", auth?.WorkloadIdentity), (path + ".workloadIdentityFederation", auth?.WorkloadIdentityFederation)),
        .. auth is { SecretRef: null, WorkloadIdentity: null, WorkloadIdentityFederation: { } federation } ? UnusedOfFederation(federation, path + ".workloadIdentityFederation", own) : [],
    ];

    private static IEnumerable<string> UnusedOfFederation(GcpWorkloadIdentityFederation federation, string path, string? own) =>
    [
        // A configuration says as whom; only with one is there an endpoint to ask.
        .. federation.CredConfig is not null && !string.IsNullOrEmpty(federation.GcpServiceAccountEmail) ? [path + ".gcpServiceAccountEmail"] : (string[])[],
        .. federation.CredConfig is null && !string.IsNullOrEmpty(federation.ExternalTokenEndpoint) ? [path + ".externalTokenEndpoint"] : (string[])[],
        .. UnusedOptions.Namespace(path + ".credConfig", federation.CredConfig?.Namespace, own),
        .. UnusedOptions.Namespace(path + ".awsSecurityCredentials.awsCredentialsSecretRef", federation.AwsSecurityCredentials?.AwsCredentialsSecretRef.Namespace, own),
    ];

    private static IEnumerable<string> FederationProblems(StoreDescription store, GcpWorkloadIdentityFederation federation, string path)
    {
        var ways = new object?[] { federation.CredConfig, federation.AwsSecurityCredentials, federation.ServiceAccountRef }.Count(way => way is not null);
        if (ways != 1) yield return $"{path}: exactly one of credConfig, awsSecurityCredentials or serviceAccountRef must be provided";
        if (federation.CredConfig is null && string.IsNullOrEmpty(federation.Audience)) yield return $"{path}: audience must be provided, when serviceAccountRef or awsSecurityCredentials is provided";
        foreach (var problem in SelectorRules.Problems(store, path + ".serviceAccountRef", federation.ServiceAccountRef)) yield return problem;
    }
}
