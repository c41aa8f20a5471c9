using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>BeyondTrust Password Safe.</summary>
public sealed record BeyondtrustStore
{
    public required AuthBlock Auth { get; init; }
    public required ServerBlock Server { get; init; }

    public sealed record AuthBlock
    {
        public ValueOrSecret? ApiKey { get; init; }
        public ValueOrSecret? Certificate { get; init; }
        public ValueOrSecret? CertificateKey { get; init; }
        public ValueOrSecret? ClientId { get; init; }
        public ValueOrSecret? ClientSecret { get; init; }
    }

    public sealed record ServerBlock
    {
        public required string ApiUrl { get; init; }
        public string? ApiVersion { get; init; }

        [Schema(Format = "")]
        public int? ClientTimeOutSeconds { get; init; }

        /// <summary>true by default.</summary>
        [Schema(Nullable = true)]
        public bool? Decrypt { get; init; }

        public string? RetrievalType { get; init; }
        public string? Separator { get; init; }
        public required bool VerifyCA { get; init; }
    }
}
