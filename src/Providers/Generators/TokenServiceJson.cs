using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Generators;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TokenServiceJson : JsonSerializerContext;
