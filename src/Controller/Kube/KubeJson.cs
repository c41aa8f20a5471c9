using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>JSON of the API machinery's own shapes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KubeStatus))]
[JsonSerializable(typeof(ListMetadata))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(CoreEvent))]
[JsonSerializable(typeof(ObjectMeta))]
internal sealed partial class KubeJson : JsonSerializerContext;
