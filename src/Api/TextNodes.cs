using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api;

/// <summary>
/// Strings in JSON trees. What the library offers for them is dear in a program that was compiled ahead of time and runs for ten milliseconds: <c>JsonValue.Create(string)</c> asks by reflection where its
/// converter comes from, and <c>GetValue&lt;string&gt;()</c>, being generic and virtual, is put together at run time. Both read the program's metadata, which was a third of what one run touched.
/// </summary>
public static class TextNodes
{
    // Read back at once: nothing but what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonValue Of(string text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 2);
        using (var writer = new Utf8JsonWriter(json, Plain)) writer.WriteStringValue(text);
        return JsonValue.Create(JsonElement.Parse(json.WrittenSpan))!;
    }

    /// <summary>A string, which may be empty; <c>null</c> for something else.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.ToString() : null;
}
