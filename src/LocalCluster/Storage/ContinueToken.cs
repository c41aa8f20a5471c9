using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Storage;

/// <summary>Where a paged list goes on: after which key, at which revision (-1: the newest, after an expiry). Opaque to clients.</summary>
internal sealed record ContinueToken(long Revision, ObjectKey After)
{
    public const long Newest = -1;

    public string Encode()
    {
        var json = new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Revision, ["ns"] = After.Namespace, ["name"] = After.Name };
        return Base64Url.EncodeToString(JsonText.ToUtf8(json));
    }

    public static ContinueToken? Decode(string text)
    {
        try
        {
            var json = JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)))!;
            return new ContinueToken(json["rv"]!.GetValue<long>(), new ObjectKey(json["ns"]!.GetValue<string>(), json["name"]!.GetValue<string>()));
        }
        catch (Exception e) when (e is FormatException or JsonException or NullReferenceException or InvalidOperationException)
        {
            return null;
        }
    }
}
