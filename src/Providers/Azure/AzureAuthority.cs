namespace GitOpsSecrets.Providers.Azure;

/// <summary>Where the applications of a tenant log in: pure.</summary>
internal static class AzureAuthority
{
    // The tenant of a directory server of one's own (AD FS), as it stands behind Azure Stack.
    private const string DirectoryServer = "adfs";

    public static bool IsDirectoryServer(string tenant) => tenant.Equals(DirectoryServer, StringComparison.OrdinalIgnoreCase);

    /// <summary>The token endpoint.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the tenant cannot be one.</exception>
    public static Uri TokenEndpoint(Uri authority, string tenant)
    {
        if (!IsTenant(tenant)) throw new ProviderException(ProviderFailureKind.Invalid, "the Azure tenant is neither an id nor a domain");
        var host = authority.GetLeftPart(UriPartial.Authority);
        return new Uri(IsDirectoryServer(tenant) ? $"{host}/adfs/oauth2/token" : $"{host}/{tenant}/oauth2/v2.0/token");
    }

    private static bool IsTenant(string tenant) => tenant.Length is > 0 and <= 253 && tenant.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') && !tenant.StartsWith('.');
}
