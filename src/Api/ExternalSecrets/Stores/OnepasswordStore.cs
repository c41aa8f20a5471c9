using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>1Password, through a Connect server.</summary>
public sealed record OnepasswordStore
{
    public required AuthBlock Auth { get; init; }
    public required string ConnectHost { get; init; }

    [Schema(Format = "")]
    public required SortedDictionary<string, int> Vaults { get; init; }

    public sealed record AuthBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector ConnectTokenSecretRef { get; init; }
    }
}
