using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What can be wrong with an AWS store as written: pure.</summary>
internal static class AwsRules
{
    public const string Root = "spec.provider.aws";
    private const int MostRoles = 10;
    private static readonly string[] Reserved = [AwsTags.Namespace, AwsTags.StoreName, AwsTags.StoreKind];

    public static IEnumerable<string> Problems(StoreDescription store, AwsStore options)
    {
        if (options.Service is not (AwsStore.SecretsManagerService or AwsStore.ParameterStoreService or AwsStore.CertificateManagerService))
            yield return $"{Root}.service \"{options.Service}\" is neither SecretsManager, ParameterStore nor CertificateManager";
        if (!AwsSurroundings.IsRegion(options.Region)) yield return $"{Root}.region \"{options.Region}\" is none of AWS";
        foreach (var problem in AuthProblems(store, Root + ".auth", options.Auth)) yield return problem;
        if (options.AdditionalRoles is { Count: > MostRoles }) yield return $"{Root}.additionalRoles: at most {MostRoles}";
        if (options.SessionTagsPolicy is not (null or "" or AwsTags.None or AwsTags.Simple or AwsTags.Custom)) yield return $"{Root}.sessionTagsPolicy \"{options.SessionTagsPolicy}\" is neither None, Simple nor Custom";
        foreach (var tag in options.SessionTags ?? [])
        {
            if (string.IsNullOrEmpty(tag.Key)) yield return $"{Root}.sessionTags: a tag has no key";
        }
        if (options.CustomSessionTags?.Keys.FirstOrDefault(Reserved.Contains) is { } taken) yield return $"{Root}.customSessionTags cannot contain \"{taken}\", which is set automatically";
        if (options.SecretsManager is not { RecoveryWindowInDays: { } days and not 0 } deletion) yield break;
        if (deletion.ForceDeleteWithoutRecovery == true) yield return $"{Root}.secretsManager: ForceDeleteWithoutRecovery conflicts with RecoveryWindowInDays";
        if (days is < 7 or > 30) yield return $"{Root}.secretsManager.recoveryWindowInDays must be between 7 and 30 days";
    }

    /// <param name="path">The field, from <c>spec</c> on.</param>
    public static IEnumerable<string> AuthProblems(StoreDescription store, string path, AwsAuth? auth) =>
    [
        .. SelectorRules.Problems(store, path + ".jwt.serviceAccountRef", auth?.Jwt?.ServiceAccountRef),
        .. auth?.SecretRef is { } keys ? KeyProblems(store, path + ".secretRef", keys) : [],
    ];

    public static IEnumerable<string> Unused(AwsStore options) =>
    [
        .. UnusedWays(Root + ".auth", options.Auth?.Jwt, options.Auth?.SecretRef),
        .. UnusedOfRole(options),
        .. options.Service == AwsStore.SecretsManagerService ? [] : UnusedOptions.Given((Root + ".secretsManager", options.SecretsManager)),
    ];

    /// <summary>What is for the session of a role, and there is none, or other tags stand in its place.</summary>
    private static IEnumerable<string> UnusedOfRole(AwsStore options)
    {
        var (hasRole, isPolicy) = (!string.IsNullOrEmpty(options.Role), AwsTags.NameTheCaller(options));
        return UnusedOptions.Given(
            (Root + ".externalID", hasRole ? null : options.ExternalID),
            (Root + ".sessionTags", hasRole && !isPolicy ? null : options.SessionTags),
            (Root + ".sessionTagsPolicy", hasRole || !isPolicy ? null : options.SessionTagsPolicy),
            (Root + ".customSessionTags", hasRole && options.SessionTagsPolicy == AwsTags.Custom ? null : options.CustomSessionTags),
            (Root + ".transitiveTagKeys", hasRole ? null : options.TransitiveTagKeys));
    }

    /// <param name="path">Of what holds both, from <c>spec</c> on.</param>
    public static IEnumerable<string> UnusedWays(string path, AwsJwtAuth? jwt, AwsCredentialsRef? keys) =>
        jwt is { ServiceAccountRef: null } ? [path + ".jwt"] : UnusedOptions.Besides((path + ".jwt", jwt), (path + ".secretRef", keys));

    private static IEnumerable<string> KeyProblems(StoreDescription store, string path, AwsCredentialsRef keys)
    {
        if (keys.AccessKeyIDSecretRef is null) yield return $"{path}.accessKeyIDSecretRef is required";
        if (keys.SecretAccessKeySecretRef is null) yield return $"{path}.secretAccessKeySecretRef is required";
        foreach (var problem in SelectorRules.Problems(store, path + ".accessKeyIDSecretRef", keys.AccessKeyIDSecretRef)) yield return problem;
        foreach (var problem in SelectorRules.Problems(store, path + ".secretAccessKeySecretRef", keys.SecretAccessKeySecretRef)) yield return problem;
        foreach (var problem in SelectorRules.Problems(store, path + ".sessionTokenSecretRef", keys.SessionTokenSecretRef)) yield return problem;
    }
}
