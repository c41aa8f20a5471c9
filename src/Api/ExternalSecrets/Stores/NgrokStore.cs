using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Vaults of ngrok; they can only be written.</summary>
public sealed record NgrokStore
{
    /// <summary>https://api.ngrok.com by default.</summary>
    [Schema(Nullable = true)]
    public string? ApiUrl { get; init; }

    public required AuthBlock Auth { get; init; }
    public required VaultBlock Vault { get; init; }

    [Schema(MinProperties = 1, MaxProperties = 1)]
    public sealed record AuthBlock
    {
        public ApiKeyBlock? ApiKey { get; init; }
    }

    public sealed record ApiKeyBlock
    {
        public SecretKeySelector? SecretRef { get; init; }
    }

    public sealed record VaultBlock
    {
        public required string Name { get; init; }
    }
}
