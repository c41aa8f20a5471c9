namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Alibaba Cloud KMS. Gone from v1 of the original.</summary>
public sealed record AlibabaStore
{
    public required AuthBlock Auth { get; init; }
    public required string RegionID { get; init; }

    public sealed record AuthBlock
    {
        public RrsaBlock? Rrsa { get; init; }
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record RrsaBlock
    {
        public required string OidcProviderArn { get; init; }
        public required string OidcTokenFilePath { get; init; }
        public required string RoleArn { get; init; }
        public required string SessionName { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector AccessKeyIDSecretRef { get; init; }
        public required SecretKeySelector AccessKeySecretSecretRef { get; init; }
    }
}
