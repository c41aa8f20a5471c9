namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Devolutions Server.</summary>
public sealed record DvlsStore
{
    public required AuthBlock Auth { get; init; }
    public bool? Insecure { get; init; }
    public required string ServerUrl { get; init; }
    public string? Vault { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector AppId { get; init; }
        public required SecretKeySelector AppSecret { get; init; }
    }
}
