using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Doppler.</summary>
public sealed record DopplerStore
{
    public required AuthBlock Auth { get; init; }
    public string? Config { get; init; }

    [Values("json", "dotnet-json", "env", "yaml", "docker")]
    public string? Format { get; init; }

    [Values("upper-camel", "camel", "lower-snake", "tf-var", "dotnet-env", "lower-kebab")]
    public string? NameTransformer { get; init; }

    public string? Project { get; init; }

    [Rule("(has(self.secretRef) && !has(self.oidcConfig)) || (!has(self.secretRef) && has(self.oidcConfig))", "Exactly one of 'secretRef' or 'oidcConfig' must be specified")]
    public sealed record AuthBlock
    {
        public OidcConfigBlock? OidcConfig { get; init; }
        public SecretRefBlock? SecretRef { get; init; }
    }

    public sealed record OidcConfigBlock
    {
        /// <summary>600 by default.</summary>
        [Schema(Nullable = true)]
        public long? ExpirationSeconds { get; init; }

        public required string Identity { get; init; }
        public required ServiceAccountSelector ServiceAccountRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public required SecretKeySelector DopplerToken { get; init; }
    }
}
