using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>1Password, by a service account.</summary>
[Rule("[has(self.vault),has(self.environment)].filter(x,x==true).size() <= 1", "at most one of the fields in [vault environment] may be set")]
public sealed record OnepasswordSdkStore
{
    public required AuthBlock Auth { get; init; }
    public CacheBlock? Cache { get; init; }
    public string? Environment { get; init; }
    public IntegrationInfoBlock? IntegrationInfo { get; init; }
    public string? Vault { get; init; }

    public sealed record AuthBlock
    {
        public required SecretKeySelector ServiceAccountSecretRef { get; init; }
    }

    public sealed record CacheBlock
    {
        /// <summary>100 by default.</summary>
        [Schema(Nullable = true, Format = "", Minimum = 1)]
        public int? MaxSize { get; init; }

        /// <summary>5m by default.</summary>
        [Schema(Nullable = true)]
        public string? Ttl { get; init; }
    }

    public sealed record IntegrationInfoBlock
    {
        /// <summary>1Password SDK by default.</summary>
        [Schema(Nullable = true)]
        public string? Name { get; init; }

        /// <summary>v1.0.0 by default.</summary>
        [Schema(Nullable = true)]
        public string? Version { get; init; }
    }
}
