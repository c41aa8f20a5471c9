using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>One of Azure's clouds: where identities log in, and what tokens are for.</summary>
/// <param name="Authority">Where to log in.</param>
/// <param name="VaultResource">What a token for Key Vault is for; null where only the vault can say.</param>
/// <param name="ManagementResource">What a token for a container registry is for; null where there is none.</param>
internal sealed record AzureCloud(Uri Authority, string? VaultResource, string? ManagementResource)
{
    private const string OwnCloud = "AzureStackCloud";

    /// <param name="environment"><c>environmentType</c>; null is the public cloud.</param>
    /// <param name="custom"><c>customCloudConfig</c>: goes before what the environment says.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no such cloud.</exception>
    public static AzureCloud Of(string? environment, AzureStore.CustomCloud? custom)
    {
        var known = Known(environment);
        if (custom is null) return known ?? throw new ProviderException(ProviderFailureKind.Invalid, $"environmentType {environment} needs a customCloudConfig, as nobody else knows where that cloud is");
        var authority = HttpsAddress(custom.ActiveDirectoryEndpoint) ?? throw new ProviderException(ProviderFailureKind.Invalid, "customCloudConfig.activeDirectoryEndpoint is not an https address");
        return new(authority, ResourceOf(custom) ?? known?.VaultResource, custom.ResourceManagerEndpoint?.TrimEnd('/') ?? known?.ManagementResource);
    }

    /// <summary>With the login that the operator names in place of the public cloud's. A sovereign cloud's there is only where this cluster runs, not where the vault is.</summary>
    public AzureCloud LoggingInAt(string? authority) =>
        Authority.Host == "login.microsoftonline.com" && HttpsAddress(authority) is { } own && !IsKnown(own.Host) ? this with { Authority = own } : this;

    /// <summary>Whether it is the login of one of the clouds that everybody knows.</summary>
    public static bool IsKnown(string host) => host is "login.microsoftonline.com" or "login.microsoftonline.us" or "login.chinacloudapi.cn" or "login.microsoftonline.de";

    /// <summary>Whether a token may be shown to a host: only within the domain that it is for, so that no other can use it there.</summary>
    public static bool IsWithin(string host, string resource)
        => Uri.TryCreate(resource, UriKind.Absolute, out var domain) && domain.Host.Length > 0
            && (host.Equals(domain.Host, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null for what is none, such as an address without encryption.</summary>
    public static Uri? HttpsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : null;

    private static string? ResourceOf(AzureStore.CustomCloud custom)
    {
        if (!string.IsNullOrEmpty(custom.KeyVaultEndpoint)) return custom.KeyVaultEndpoint.TrimEnd('/');
        return string.IsNullOrEmpty(custom.KeyVaultDNSSuffix) ? null : "https://" + custom.KeyVaultDNSSuffix.Trim('.', '/');
    }

    private static AzureCloud? Known(string? environment) => environment switch
    {
        "USGovernmentCloud" => new(new("https://login.microsoftonline.us/"), "https://vault.usgovcloudapi.net", "https://management.usgovcloudapi.net"),
        "ChinaCloud" => new(new("https://login.chinacloudapi.cn/"), "https://vault.azure.cn", "https://management.chinacloudapi.cn"),
        "GermanCloud" => new(new("https://login.microsoftonline.de/"), "https://vault.microsoftazure.de", "https://management.microsoftazure.de"),
        OwnCloud => null,
        _ => new(new("https://login.microsoftonline.com/"), "https://vault.azure.net", "https://management.azure.com"),
    };
}
