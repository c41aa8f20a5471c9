using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>HashiCorp Vault, KV version 1 or 2.</summary>
public sealed record VaultStore
{
    public VaultAuth? Auth { get; init; }

    /// <summary>URL of the server.</summary>
    public required string Server { get; init; }

    /// <summary>Where the KV engine is mounted.</summary>
    public string? Path { get; init; }

    /// <summary>v2 by default.</summary>
    [Values("v1", "v2")]
    [Schema(Nullable = true)]
    public string? Version { get; init; }

    public string? Namespace { get; init; }

    /// <summary>PEM certificates of the server's authority, in base64.</summary>
    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
    public ClientTls? Tls { get; init; }
    public bool? ReadYourWrites { get; init; }
    public bool? ForwardInconsistent { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Headers { get; init; }

    public CheckAndSetSettings? CheckAndSet { get; init; }

    /// <summary>A client certificate: both or neither.</summary>
    public sealed record ClientTls
    {
        public SecretKeySelector? CertSecretRef { get; init; }
        public SecretKeySelector? KeySecretRef { get; init; }
    }

    public sealed record CheckAndSetSettings
    {
        /// <summary>Writes name the version they replace; only with v2.</summary>
        public bool? Required { get; init; }
    }
}
