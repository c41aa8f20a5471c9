using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>OpenStack Barbican.</summary>
public sealed record BarbicanStore
{
    public required AuthBlock Auth { get; init; }
    public string? AuthURL { get; init; }
    public string? DomainName { get; init; }
    public string? Region { get; init; }
    public string? TenantName { get; init; }

    public sealed record AuthBlock
    {
        public required PasswordBlock Password { get; init; }
        public required UsernameBlock Username { get; init; }
    }

    public sealed record PasswordBlock
    {
        public required SecretKeySelector SecretRef { get; init; }
    }

    [Schema(MinProperties = 1, MaxProperties = 1)]
    public sealed record UsernameBlock
    {
        public SecretKeySelector? SecretRef { get; init; }
        public string? Value { get; init; }
    }
}
