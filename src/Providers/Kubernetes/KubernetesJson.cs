using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Kubernetes;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SecretPage))]
[JsonSerializable(typeof(Api.Secret))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class KubernetesJson : JsonSerializerContext;
