using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CloudruStore))]
public sealed partial class CloudruStoreJson : JsonSerializerContext;
