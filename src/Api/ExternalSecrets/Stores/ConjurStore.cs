using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>CyberArk Conjur.</summary>
public sealed record ConjurStore
{
    public required AuthBlock Auth { get; init; }
    public string? CaBundle { get; init; }
    public CaProvider? CaProvider { get; init; }
    public required string Url { get; init; }

    [Schema(MinProperties = 1, MaxProperties = 1)]
    public sealed record AuthBlock
    {
        public ApikeyBlock? Apikey { get; init; }
        public CertBlock? Cert { get; init; }
        public JwtBlock? Jwt { get; init; }
    }

    public sealed record ApikeyBlock
    {
        public required string Account { get; init; }
        public required SecretKeySelector ApiKeyRef { get; init; }
        public required SecretKeySelector UserRef { get; init; }
    }

    public sealed record CertBlock
    {
        public required string Account { get; init; }
        public required SecretKeySelector ClientCertRef { get; init; }
        public required SecretKeySelector ClientKeyRef { get; init; }
        public string? HostId { get; init; }
        public required string ServiceID { get; init; }
    }

    public sealed record JwtBlock
    {
        public required string Account { get; init; }
        public string? HostId { get; init; }
        public SecretKeySelector? SecretRef { get; init; }
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
        public required string ServiceID { get; init; }
    }
}
