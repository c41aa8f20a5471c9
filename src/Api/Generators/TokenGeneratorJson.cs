using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.Generators;

/// <summary>As <see cref="GeneratorJson"/>, for specs whose blocks have the names of others': one context cannot hold two of one name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GrafanaSpec))]
[JsonSerializable(typeof(CloudsmithAccessTokenSpec))]
public sealed partial class TokenGeneratorJson : JsonSerializerContext;
