using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>What can be wrong with a Vault store as written: pure.</summary>
internal static class VaultRules
{
    public const string Root = "spec.provider.vault";

    public static IEnumerable<string> Problems(StoreDescription store, VaultStore options)
    {
        if (!Uri.TryCreate(options.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) yield return $"{Root}.server \"{options.Server}\" is not an http or https address";
        if (options.Version is not (null or "" or "v1" or "v2")) yield return $"{Root}.version \"{options.Version}\" is neither v1 nor v2";
        if (options.CheckAndSet?.Required == true && options.Version == "v1") yield return $"{Root}.checkAndSet: checkAndSet is only supported with version v2";
        if ((options.Tls?.CertSecretRef is null) != (options.Tls?.KeySecretRef is null)) yield return $"{Root}.tls: certSecretRef and keySecretRef go together";
        foreach (var problem in SelectorRules.Problems(store, Root + ".tls.certSecretRef", options.Tls?.CertSecretRef, "tls.crt")) yield return problem;
        foreach (var problem in SelectorRules.Problems(store, Root + ".tls.keySecretRef", options.Tls?.KeySecretRef, "tls.key")) yield return problem;
        if (options.Auth is null) yield break;
        foreach (var problem in AuthProblems(store, options.Auth, Root + ".auth")) yield return problem;
    }

    private static IEnumerable<string> AuthProblems(StoreDescription store, VaultAuth auth, string path) => [
        .. CloudProblems(auth, path),
        .. SelectorRules.Problems(store, path + ".tokenSecretRef", auth.TokenSecretRef),
        .. AppRoleProblems(store, auth.AppRole, path + ".appRole"),
        .. SelectorRules.Problems(store, path + ".kubernetes.serviceAccountRef", auth.Kubernetes?.ServiceAccountRef),
        .. SelectorRules.Problems(store, path + ".kubernetes.secretRef", auth.Kubernetes?.SecretRef, "token"),
        .. SelectorRules.Problems(store, path + ".ldap.secretRef", auth.Ldap?.SecretRef),
        .. SelectorRules.Problems(store, path + ".userPass.secretRef", auth.UserPass?.SecretRef),
        .. JwtProblems(store, auth.Jwt, path + ".jwt"),
        .. SelectorRules.Problems(store, path + ".cert.clientCert", auth.Cert?.ClientCert, "tls.crt"),
        .. SelectorRules.Problems(store, path + ".cert.secretRef", auth.Cert?.SecretRef, "tls.key"),
        .. SelectorRules.Problems(store, path + ".iam.secretRef.accessKeyIDSecretRef", auth.Iam?.SecretRef?.AccessKeyIDSecretRef),
        .. SelectorRules.Problems(store, path + ".iam.secretRef.secretAccessKeySecretRef", auth.Iam?.SecretRef?.SecretAccessKeySecretRef),
        .. SelectorRules.Problems(store, path + ".iam.secretRef.sessionTokenSecretRef", auth.Iam?.SecretRef?.SessionTokenSecretRef),
        .. SelectorRules.Problems(store, path + ".iam.jwt.serviceAccountRef", auth.Iam?.Jwt?.ServiceAccountRef),
        .. SelectorRules.Problems(store, path + ".gcp.secretRef.secretAccessKeySecretRef", auth.Gcp?.SecretRef?.SecretAccessKeySecretRef),
        .. SelectorRules.Problems(store, path + ".gcp.workloadIdentity.serviceAccountRef", auth.Gcp?.WorkloadIdentity?.ServiceAccountRef),
        .. SelectorRules.Problems(store, path + ".gcp.serviceAccountRef", auth.Gcp?.ServiceAccountRef),
    ];

    /// <summary>The ways of logging in that are not there yet, where nothing before them would be taken.</summary>
    public static IEnumerable<string> CloudProblems(VaultAuth auth, string path)
    {
        if (auth is not { TokenSecretRef: null, AppRole: null, Kubernetes: null, Ldap: null, UserPass: null, Jwt: null, Cert: null }) yield break;
        if (auth.Iam is { } iam && !AwsSurroundings.IsRegion(VaultAwsLogin.RegionOf(iam))) yield return $"{path}.iam.region \"{iam.Region}\" is none of AWS";
        if (auth.Iam is null && auth.Gcp?.SecretRef is { SecretAccessKeySecretRef: null }) yield return $"{path}.gcp.secretRef.secretAccessKeySecretRef is required";
    }

    private static IEnumerable<string> AppRoleProblems(StoreDescription store, VaultAuth.AppRoleAuth? role, string path)
    {
        if (role is null) return [];
        var either = string.IsNullOrEmpty(role.RoleId) && role.RoleRef is null ? [$"{path}: roleId or roleRef is required"] : (string[])[];
        return [.. either, .. SelectorRules.Problems(store, path + ".roleRef", role.RoleRef), .. SelectorRules.Problems(store, path + ".secretRef", role.SecretRef)];
    }

    private static IEnumerable<string> JwtProblems(StoreDescription store, VaultAuth.JwtAuth? jwt, string path)
    {
        if (jwt is null) return [];
        var either = jwt.SecretRef is null && jwt.KubernetesServiceAccountToken is null ? [$"{path}: secretRef or kubernetesServiceAccountToken is required"] : (string[])[];
        return
        [
            .. either,
            .. SelectorRules.Problems(store, path + ".secretRef", jwt.SecretRef),
            .. SelectorRules.Problems(store, path + ".kubernetesServiceAccountToken.serviceAccountRef", jwt.KubernetesServiceAccountToken?.ServiceAccountRef),
        ];
    }

    /// <summary>What has no effect: mostly a login beside one that goes before it, of which <see cref="VaultLogins"/> has the order.</summary>
    /// <param name="own">The namespace where all is read; null where selectors have a say.</param>
    public static IEnumerable<string> Unused(VaultStore options, string? own = null)
    {
        foreach (var field in UnusedOptions.Authorities(Root, options.CaBundle, options.CaProvider, own)) yield return field;
        if (options is { ForwardInconsistent: true, ReadYourWrites: not true }) yield return Root + ".forwardInconsistent";
        if (options.Auth is not { } auth) yield break;
        var isShown = options.Tls?.CertSecretRef is null && auth.Cert is { ClientCert: not null, SecretRef: not null };
        foreach (var field in UnusedLogins(auth, Root + ".auth", isShown)) yield return field;
    }

    /// <param name="isShown">Whether the connection shows the certificate of <c>cert</c>, which it does beside other logins too, and has none of its own.</param>
    private static IEnumerable<string> UnusedLogins(VaultAuth auth, string path, bool isShown)
    {
        (string Path, object? Given)[] ways =
        [
            (path + ".tokenSecretRef", auth.TokenSecretRef),
            (path + ".appRole", auth.AppRole),
            (path + ".kubernetes", auth.Kubernetes),
            (path + ".ldap", auth.Ldap),
            (path + ".userPass", auth.UserPass),
            (path + ".jwt", auth.Jwt),
            (path + ".cert", auth.Cert),
            (path + ".iam", auth.Iam),
            (path + ".gcp", auth.Gcp),
        ];
        var way = ways.FirstOrDefault(way => way.Given is not null).Given;
        if (!string.IsNullOrEmpty(auth.Namespace) && (way is null or SecretKeySelector)) yield return path + ".namespace";
        foreach (var other in UnusedOptions.Besides(ways).Where(other => !isShown || other != path + ".cert")) yield return other;
        if (isShown && way is not VaultAuth.CertAuth && !string.IsNullOrEmpty(auth.Cert?.VaultRole)) yield return path + ".cert.vaultRole";
        foreach (var field in UnusedWithin(way, path, isShown)) yield return field;
    }

    private static IEnumerable<string> UnusedWithin(object? way, string path, bool isShown) => way switch
    {
        VaultAuth.AppRoleAuth role => UnusedOptions.Besides((path + ".appRole.roleRef", role.RoleRef), (path + ".appRole.roleId", role.RoleId)),
        VaultAuth.KubernetesAuth kubernetes => UnusedOptions.Besides((path + ".kubernetes.serviceAccountRef", kubernetes.ServiceAccountRef), (path + ".kubernetes.secretRef", kubernetes.SecretRef)),
        VaultAuth.JwtAuth jwt => UnusedOptions.Besides((path + ".jwt.kubernetesServiceAccountToken", jwt.KubernetesServiceAccountToken), (path + ".jwt.secretRef", jwt.SecretRef)),
        VaultAuth.CertAuth cert when !isShown => UnusedOptions.Given((path + ".cert.clientCert", cert.ClientCert), (path + ".cert.secretRef", cert.SecretRef)),
        VaultAuth.IamAuth iam => UnusedOfAws(iam, path + ".iam"),
        VaultAuth.GcpAuth gcp => UnusedOfGoogle(gcp, path + ".gcp"),
        _ => [],
    };

    private static IEnumerable<string> UnusedOfAws(VaultAuth.IamAuth iam, string path)
    {
        if (string.IsNullOrEmpty(iam.Role) && !string.IsNullOrEmpty(iam.ExternalID)) yield return path + ".externalID";
        foreach (var field in AwsRules.UnusedWays(path, iam.Jwt, iam.SecretRef)) yield return field;
    }

    private static IEnumerable<string> UnusedOfGoogle(VaultAuth.GcpAuth gcp, string path)
    {
        var asksProject = gcp.SecretRef is null && (gcp.WorkloadIdentity is { } identity ? string.IsNullOrEmpty(identity.ClusterProjectID) : gcp.ServiceAccountRef is not null);
        if (!asksProject && !string.IsNullOrEmpty(gcp.ProjectID)) yield return path + ".projectID";
        if (!string.IsNullOrEmpty(gcp.Location)) yield return path + ".location";
        foreach (var other in UnusedOptions.Besides((path + ".secretRef", gcp.SecretRef), (path + ".workloadIdentity", gcp.WorkloadIdentity), (path + ".serviceAccountRef", gcp.ServiceAccountRef))) yield return other;
    }
}
