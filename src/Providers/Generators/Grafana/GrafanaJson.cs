using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Generators.Grafana;

[JsonSerializable(typeof(GrafanaState))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class GrafanaJson : JsonSerializerContext;
