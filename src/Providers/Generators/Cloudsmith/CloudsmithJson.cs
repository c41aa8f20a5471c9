using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Generators.Cloudsmith;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CloudsmithJson : JsonSerializerContext;
