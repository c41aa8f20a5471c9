using System.Buffers;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>How values of Vault's JSON become bytes, as the original does it: pure.</summary>
internal static class VaultDocument
{
    /// <summary>Strings as they are, numbers in their source text, lists of strings a line each, null empty, everything else as JSON.</summary>
    public static byte[] Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        _ => Json(value),
    };

    /// <summary>Compact JSON as Go's encoder writes it: members in order of their names, <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped, numbers in their source text.</summary>
    public static byte[] Json(JsonElement value)
    {
        // Large enough for every character to be escaped, so that no smaller buffer is left behind on the way; Clear zeroes this one.
        var buffer = new ArrayBufferWriter<byte>(Math.Max(16, Encoding.UTF8.GetByteCount(value.GetRawText()) * 6));
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = GoJsonEncoder.Instance }))
        {
            Write(writer, value);
        }
        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return bytes;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
