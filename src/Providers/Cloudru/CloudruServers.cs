namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Where the two services are that a store needs.</summary>
internal sealed record CloudruServers(Uri Iam, Uri SecretManager)
{
    /// <param name="iam">Host and port, as Cloud.ru writes them; gRPC over TLS is what speaks there.</param>
    /// <param name="secretManager">The same.</param>
    /// <exception cref="ProviderException">One is no such address.</exception>
    public static CloudruServers Of(string? iam, string? secretManager) => new(Address("iam", iam), Address("secret-manager", secretManager));

    private static Uri Address(string service, string? text) => text is { Length: > 0 } && Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var address) && address.AbsolutePath == "/" && address.UserInfo.Length == 0
        ? address
        : throw new ProviderException(ProviderFailureKind.Invalid, $"Cloud.ru has no address of its service {service}");
}
