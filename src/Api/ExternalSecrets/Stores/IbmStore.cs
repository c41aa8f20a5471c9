using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>IBM Cloud Secrets Manager.</summary>
public sealed record IbmStore
{
    public required AuthBlock Auth { get; init; }
    public string? ServiceUrl { get; init; }

    [Schema(MinProperties = 1, MaxProperties = 1)]
    public sealed record AuthBlock
    {
        public ContainerAuthBlock? ContainerAuth { get; init; }
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record ContainerAuthBlock
    {
        public string? IamEndpoint { get; init; }
        public required string Profile { get; init; }
        public string? TokenLocation { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public string? IamEndpoint { get; init; }
        public SecretKeySelector? SecretApiKeySecretRef { get; init; }
    }
}
