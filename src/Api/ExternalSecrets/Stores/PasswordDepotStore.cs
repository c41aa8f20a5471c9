namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Password Depot.</summary>
public sealed record PasswordDepotStore
{
    public required AuthBlock Auth { get; init; }
    public required string Database { get; init; }
    public required string Host { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public SecretKeySelector? Credentials { get; init; }
    }
}
