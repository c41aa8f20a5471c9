using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Akeyless.</summary>
public sealed record AkeylessStore
{
    public required string AkeylessGWApiURL { get; init; }
    public required AuthSecretRefBlock AuthSecretRef { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public bool? IgnoreCache { get; init; }

    public sealed record AuthSecretRefBlock
    {
        public KubernetesAuthBlock? KubernetesAuth { get; init; }
        public SecretRefBlock? SecretRef { get; init; }
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
    }

    public sealed record KubernetesAuthBlock
    {
        public required string AccessID { get; init; }
        public required string K8sConfName { get; init; }
        public SecretKeySelector? SecretRef { get; init; }
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public SecretKeySelector? AccessID { get; init; }
        public SecretKeySelector? AccessType { get; init; }
        public SecretKeySelector? AccessTypeParam { get; init; }
    }
}
