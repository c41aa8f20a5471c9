using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookStore))]
public sealed partial class WebhookStoreJson : JsonSerializerContext;
