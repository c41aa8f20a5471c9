namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Chef data bags.</summary>
public sealed record ChefStore
{
    public required AuthBlock Auth { get; init; }
    public required string ServerUrl { get; init; }
    public required string Username { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector PrivateKeySecretRef { get; init; }
    }
}
