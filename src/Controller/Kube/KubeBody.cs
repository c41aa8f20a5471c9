using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>The bytes of a request. They may be a Secret: they are zeroed when the request is through, and are mute in <c>ToString</c>.</summary>
internal sealed class KubeBody(byte[] json, string mediaType) : IDisposable
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";

    /// <summary>Server-side apply; JSON is YAML.</summary>
    public const string Apply = "application/apply-patch+yaml";

    public static KubeBody Of<T>(T value, JsonTypeInfo<T> typeInfo, string mediaType = Json) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), mediaType);

    public static KubeBody Of(JsonNode value, string mediaType) => new(WriteNode(value), mediaType);

    /// <summary>New content over the same bytes: each attempt of a request needs one.</summary>
    public HttpContent ToContent() => new ByteArrayContent(json) { Headers = { ContentType = new(mediaType) } };

    public void Dispose() => CryptographicOperations.ZeroMemory(json);

    public override string ToString() => $"{mediaType}, {json.Length} bytes";

    private static byte[] WriteNode(JsonNode value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            value.WriteTo(writer);
        }

        var json = stream.ToArray();
        CryptographicOperations.ZeroMemory(stream.GetBuffer());
        return json;
    }
}
