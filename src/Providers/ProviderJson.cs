using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ProviderJson : JsonSerializerContext;
