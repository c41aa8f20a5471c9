using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Oracle Cloud Vault.</summary>
public sealed record OracleStore
{
    public AuthBlock? Auth { get; init; }
    public string? Compartment { get; init; }
    public string? EncryptionKey { get; init; }

    [Values("", "UserPrincipal", "InstancePrincipal", "Workload")]
    public string? PrincipalType { get; init; }

    public required string Region { get; init; }
    public ServiceAccountSelector? ServiceAccountRef { get; init; }
    public required string Vault { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
        public required string Tenancy { get; init; }
        public required string User { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector Fingerprint { get; init; }
        public required SecretKeySelector Privatekey { get; init; }
    }
}
