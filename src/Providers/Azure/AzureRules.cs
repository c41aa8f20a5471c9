using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What can be wrong with an Azure Key Vault store as written: pure.</summary>
internal static class AzureRules
{
    public const string Root = "spec.provider.azurekv";
    private static readonly string[] AuthTypes = [AzureStore.ServicePrincipal, AzureStore.ManagedIdentity, AzureStore.WorkloadIdentity];
    private static readonly string[] Environments = ["PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud"];

    public static IEnumerable<string> Problems(StoreDescription store, AzureStore options) => [
        .. options.VaultUrl is not null && AzureCloud.HttpsAddress(options.VaultUrl) is not null ? [] : (string[])[$"{Root}.vaultUrl \"{options.VaultUrl}\" is not an https address"],
        .. CloudProblems(options),
        .. AuthProblems(options),
        .. SelectorRules.Problems(store, Root + ".authSecretRef.clientId", options.AuthSecretRef?.ClientId),
        .. SelectorRules.Problems(store, Root + ".authSecretRef.tenantId", options.AuthSecretRef?.TenantId),
        .. SelectorRules.Problems(store, Root + ".authSecretRef.clientSecret", options.AuthSecretRef?.ClientSecret),
        .. SelectorRules.Problems(store, Root + ".authSecretRef.clientCertificate", options.AuthSecretRef?.ClientCertificate),
        .. SelectorRules.Problems(store, Root + ".serviceAccountRef", options.ServiceAccountRef),
    ];

    private static IEnumerable<string> CloudProblems(AzureStore options)
    {
        var environment = string.IsNullOrEmpty(options.EnvironmentType) ? Environments[0] : options.EnvironmentType;
        if (!Environments.Contains(environment)) yield return $"{Root}.environmentType \"{environment}\" is none of {string.Join(", ", Environments)}";
        if (environment == "GermanCloud" && options.CustomCloudConfig is null) yield return $"{Root}.environmentType: GermanCloud was closed in October 2021";
        if (environment == "AzureStackCloud" && options.CustomCloudConfig is null) yield return $"{Root}.customCloudConfig is required with environmentType AzureStackCloud";
        if (options.CustomCloudConfig is not { } custom) yield break;
        if (AzureCloud.HttpsAddress(custom.ActiveDirectoryEndpoint) is null) yield return $"{Root}.customCloudConfig.activeDirectoryEndpoint \"{custom.ActiveDirectoryEndpoint}\" is not an https address";
        if (!string.IsNullOrEmpty(custom.KeyVaultEndpoint) && AzureCloud.HttpsAddress(custom.KeyVaultEndpoint) is null) yield return $"{Root}.customCloudConfig.keyVaultEndpoint \"{custom.KeyVaultEndpoint}\" is not an https address";
    }

    private static IEnumerable<string> AuthProblems(AzureStore options)
    {
        var type = string.IsNullOrEmpty(options.AuthType) ? AzureStore.ServicePrincipal : options.AuthType;
        if (!AuthTypes.Contains(type)) yield return $"{Root}.authType \"{type}\" is none of {string.Join(", ", AuthTypes)}";
        var credentials = options.AuthSecretRef;
        if (type == AzureStore.WorkloadIdentity && options.ServiceAccountRef is not null && credentials is not null && credentials.ClientId is null)
            yield return $"{Root}.authSecretRef.clientId is required where there is an authSecretRef";
        if (type != AzureStore.ServicePrincipal) yield break;
        if (string.IsNullOrEmpty(options.TenantId) && credentials?.TenantId is null) yield return $"{Root}.tenantId is required with authType {type}";
        if (credentials is null)
        {
            yield return $"{Root}.authSecretRef is required with authType {type}";
            yield break;
        }
        if (credentials.ClientId is null) yield return $"{Root}.authSecretRef.clientId is required with authType {type}";
        if (credentials.ClientSecret is null == credentials.ClientCertificate is null) yield return $"{Root}.authSecretRef: either clientSecret or clientCertificate is required";
    }

    /// <summary>What the ways to log in do not look at.</summary>
    public static IEnumerable<string> Unused(AzureStore options)
    {
        var (keys, account) = (options.AuthSecretRef, (Root + ".serviceAccountRef", (object?)options.ServiceAccountRef));
        var (identity, tenant, all) = ((Root + ".identityId", (object?)options.IdentityId), (Root + ".tenantId", (object?)options.TenantId), (Root + ".authSecretRef", (object?)keys));
        var (secret, certificate) = ((Root + ".authSecretRef.clientSecret", (object?)keys?.ClientSecret), (Root + ".authSecretRef.clientCertificate", (object?)keys?.ClientCertificate));
        var doubled = keys?.TenantId is null ? [] : UnusedOptions.Given(tenant);
        return options.AuthType switch
        {
            AzureStore.ManagedIdentity => UnusedOptions.Given(tenant, all, account),
            AzureStore.WorkloadIdentity when options.ServiceAccountRef is null => UnusedOptions.Given(tenant, all, identity),
            AzureStore.WorkloadIdentity => [.. doubled, .. UnusedOptions.Given(secret, certificate, identity)],
            _ => [.. doubled, .. UnusedOptions.Given(account, identity)],
        };
    }
}
