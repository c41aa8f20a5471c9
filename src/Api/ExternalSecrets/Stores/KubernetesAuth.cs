using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>How an API server of Kubernetes is logged in to; exactly one of the ways.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record KubernetesAuth
{
    public CertAuth? Cert { get; init; }
    public TokenAuth? Token { get; init; }

    /// <summary>A token is requested for it, in this cluster.</summary>
    public ServiceAccountSelector? ServiceAccount { get; init; }

    public sealed record CertAuth
    {
        public required SecretKeySelector ClientCert { get; init; }
        public required SecretKeySelector ClientKey { get; init; }
    }

    public sealed record TokenAuth
    {
        public required SecretKeySelector BearerToken { get; init; }
    }
}
