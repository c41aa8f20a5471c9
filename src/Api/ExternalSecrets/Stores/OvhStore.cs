using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>OVHcloud Key Management Service.</summary>
public sealed record OvhStore
{
    public required AuthBlock Auth { get; init; }
    public bool? CasRequired { get; init; }

    /// <summary>30 by default.</summary>
    [Schema(Nullable = true, Minimum = 1)]
    public int? OkmsTimeout { get; init; }

    public required string Okmsid { get; init; }
    public required string Server { get; init; }

    public sealed record AuthBlock
    {
        public MtlsBlock? Mtls { get; init; }
        public TokenBlock? Token { get; init; }
    }

    public sealed record MtlsBlock
    {
        [Schema(Format = "byte")]
        public string? CaBundle { get; init; }

        public CaProvider? CaProvider { get; init; }
        public required SecretKeySelector CertSecretRef { get; init; }
        public required SecretKeySelector KeySecretRef { get; init; }
    }

    public sealed record TokenBlock
    {
        public required SecretKeySelector TokenSecretRef { get; init; }
    }
}
