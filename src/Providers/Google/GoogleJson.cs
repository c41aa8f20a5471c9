using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Google;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class GoogleJson : JsonSerializerContext
{
    public static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value, Default.JsonObject);
}
