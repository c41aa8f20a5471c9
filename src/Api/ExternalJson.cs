using System.Text.Json.Serialization;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Api;

/// <summary>JSON for the other kinds of External Secrets; <see cref="ApiJson"/> says why they stand alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SecretStore))]
[JsonSerializable(typeof(ClusterSecretStore))]
[JsonSerializable(typeof(ClusterExternalSecret))]
[JsonSerializable(typeof(PushSecret))]
[JsonSerializable(typeof(ClusterPushSecret))]
[JsonSerializable(typeof(Generator))]
[JsonSerializable(typeof(ClusterGenerator))]
[JsonSerializable(typeof(GeneratorState))]
internal sealed partial class ExternalJson : JsonSerializerContext
{
    public static ExternalJson Compact { get; } = new(ApiJson.Settings(indented: false));

    public static ExternalJson Indented { get; } = new(ApiJson.Settings(indented: true));
}
