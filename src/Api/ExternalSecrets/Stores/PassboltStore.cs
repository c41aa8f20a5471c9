using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Passbolt.</summary>
public sealed record PassboltStore
{
    public required AuthBlock Auth { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public required string Host { get; init; }

    public sealed record AuthBlock
    {
        public required SecretKeySelector PasswordSecretRef { get; init; }
        public required SecretKeySelector PrivateKeySecretRef { get; init; }
    }
}
