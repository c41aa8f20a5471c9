namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Cloud.ru Secret Manager.</summary>
public sealed record CloudruStore
{
    public required AuthBlock Auth { get; init; }
    public string? ProjectID { get; init; }

    public sealed record AuthBlock
    {
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector AccessKeyIDSecretRef { get; init; }
        public required SecretKeySelector AccessKeySecretSecretRef { get; init; }
    }
}
