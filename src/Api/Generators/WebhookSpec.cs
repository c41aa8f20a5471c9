using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>Values from an HTTP endpoint. Texts are Go templates over the named secrets.</summary>
[GeneratorKind(GeneratorKinds.Webhook)]
public sealed record WebhookSpec
{
    /// <summary>GET by default.</summary>
    public string? Method { get; init; }

    public required string Url { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Headers { get; init; }

    public WebhookAuth? Auth { get; init; }
    public string? Body { get; init; }

    /// <summary>How long an answer may take, such as 5s.</summary>
    public GoDuration? Timeout { get; init; }

    [Schema(Required = true)]
    public WebhookResult? Result { get; init; }

    /// <summary>Secrets for the templates; each needs the label external-secrets.io/type: webhook.</summary>
    public IReadOnlyList<NamedSecret>? Secrets { get; init; }

    /// <summary>PEM certificates of the server's authority, in base64.</summary>
    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }

    /// <summary>A Secret whose items the templates know as .name.key.</summary>
    public sealed record NamedSecret
    {
        public required string Name { get; init; }
        public required LocalSecretKeySelector SecretRef { get; init; }
    }
}
