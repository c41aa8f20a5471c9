namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Device42. Gone from v1 of the original.</summary>
public sealed record Device42Store
{
    public required AuthBlock Auth { get; init; }
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
