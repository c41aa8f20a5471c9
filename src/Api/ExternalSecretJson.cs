using System.Text.Json.Serialization;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Api;

/// <summary>JSON for ExternalSecret, which the command line renders too; <see cref="ApiJson"/> says why it stands alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ExternalSecret))]
internal sealed partial class ExternalSecretJson : JsonSerializerContext
{
    public static ExternalSecretJson Compact { get; } = new(ApiJson.Settings(indented: false));

    public static ExternalSecretJson Indented { get; } = new(ApiJson.Settings(indented: true));
}
