using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Nebius MysteryBox.</summary>
public sealed record NebiusStore
{
    public required string ApiDomain { get; init; }
    public required AuthBlock Auth { get; init; }
    public CaProviderBlock? CaProvider { get; init; }

    [Rule("has(self.serviceAccountCredsSecretRef) || has(self.tokenSecretRef)", "either serviceAccountCredsSecretRef or tokenSecretRef must be set")]
    public sealed record AuthBlock
    {
        public SecretKeySelector? ServiceAccountCredsSecretRef { get; init; }
        public SecretKeySelector? TokenSecretRef { get; init; }
    }

    public sealed record CaProviderBlock
    {
        public SecretKeySelector? CertSecretRef { get; init; }
    }
}
