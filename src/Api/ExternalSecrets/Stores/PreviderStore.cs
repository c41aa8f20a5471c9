namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Previder Vault.</summary>
public sealed record PreviderStore
{
    public required AuthBlock Auth { get; init; }
    public string? BaseUri { get; init; }

    public sealed record AuthBlock
    {
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector AccessToken { get; init; }
    }
}
