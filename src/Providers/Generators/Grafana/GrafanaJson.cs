using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Generators.Grafana;

[JsonSerializable(typeof(GrafanaState))]
internal sealed partial class GrafanaJson : JsonSerializerContext;
