using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>senhasegura DevOps Secrets Management.</summary>
public sealed record SenhaseguraStore
{
    public required AuthBlock Auth { get; init; }
    [Schema(Nullable = true)]
    public bool? IgnoreSslCertificate { get; init; }
    public required string Module { get; init; }
    public required string Url { get; init; }

    public sealed record AuthBlock
    {
        public required string ClientId { get; init; }
        public required SecretKeySelector ClientSecretSecretRef { get; init; }
    }
}
