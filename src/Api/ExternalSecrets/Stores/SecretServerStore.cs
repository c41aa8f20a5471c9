using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Delinea Secret Server.</summary>
[Rule("has(self.token) || (has(self.username) && has(self.password))", "either token, or both username and password, must be set")]
public sealed record SecretServerStore
{
    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public string? Domain { get; init; }
    public ValueBlock? Password { get; init; }
    public required string ServerURL { get; init; }
    public ValueBlock? Token { get; init; }
    public ValueBlock? Username { get; init; }

    [Rule("has(self.value) != has(self.secretRef)", "exactly one of value or secretRef must be set")]
    public sealed record ValueBlock
    {
        public SecretKeySelector? SecretRef { get; init; }

        [Schema(MinLength = 1)]
        public string? Value { get; init; }
    }
}
