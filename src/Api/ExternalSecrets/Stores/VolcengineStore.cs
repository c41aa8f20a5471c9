namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Volcengine KMS.</summary>
public sealed record VolcengineStore
{
    public AuthBlock? Auth { get; init; }
    public required string Region { get; init; }

    public sealed record AuthBlock
    {
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector AccessKeyID { get; init; }
        public required SecretKeySelector SecretAccessKey { get; init; }
        public SecretKeySelector? Token { get; init; }
    }
}
