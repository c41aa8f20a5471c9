using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Api;

/// <summary>JSON for every kind: camel-case names, absent fields left out, unknown fields ignored, duplicate names refused, Go's escaping.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SealedSecret))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ExternalSecret))]
[JsonSerializable(typeof(SecretStore))]
[JsonSerializable(typeof(ClusterSecretStore))]
[JsonSerializable(typeof(ClusterExternalSecret))]
[JsonSerializable(typeof(PushSecret))]
[JsonSerializable(typeof(ClusterPushSecret))]
[JsonSerializable(typeof(Generator))]
[JsonSerializable(typeof(ClusterGenerator))]
[JsonSerializable(typeof(GeneratorState))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>One line, no spaces.</summary>
    public static ApiJson Compact { get; } = new(Settings(indented: false));

    /// <summary>Two spaces of indentation and <c>\n</c>, as kubeseal prints.</summary>
    public static ApiJson Indented { get; } = new(Settings(indented: true));

    private static JsonSerializerOptions Settings(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        Encoder = GoJsonEncoder.Instance,
        WriteIndented = indented,
        IndentSize = 2,
        NewLine = "\n",
    };
}
