using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Pulumi ESC.</summary>
[Rule("(has(self.auth) && !has(self.accessToken)) || (!has(self.auth) && has(self.accessToken))", "Exactly one of 'auth' or deprecated 'accessToken' must be specified")]
public sealed record PulumiStore
{
    public AccessTokenBlock? AccessToken { get; init; }

    /// <summary>https://api.pulumi.com/api/esc by default.</summary>
    [Schema(Nullable = true)]
    public string? ApiUrl { get; init; }

    public AuthBlock? Auth { get; init; }
    public required string Environment { get; init; }
    public required string Organization { get; init; }
    public required string Project { get; init; }

    public sealed record AccessTokenBlock
    {
        public SecretKeySelector? SecretRef { get; init; }
    }

    [Rule("(has(self.accessToken) && !has(self.oidcConfig)) || (!has(self.accessToken) && has(self.oidcConfig))", "Exactly one of 'accessToken' or 'oidcConfig' must be specified")]
    public sealed record AuthBlock
    {
        public AccessTokenBlock? AccessToken { get; init; }
        public OidcConfigBlock? OidcConfig { get; init; }
    }

    public sealed record OidcConfigBlock
    {
        /// <summary>600 by default.</summary>
        [Schema(Nullable = true, Minimum = 600)]
        public long? ExpirationSeconds { get; init; }

        public required string Organization { get; init; }
        public required ServiceAccountSelector ServiceAccountRef { get; init; }
    }
}
