using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>Item name → bytes, base64 on the wire. The error names the item and never its content.</summary>
public sealed class Base64MapConverter : JsonConverter<SortedDictionary<string, byte[]?>>
{
    public override SortedDictionary<string, byte[]?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object of base64 strings");
        var map = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            map[key] = reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.String => Base64Text.TryDecode(reader.GetString()!, out var bytes, out var at)
                    ? bytes
                    : throw new JsonException($"illegal base64 data at input byte {at} (data.{key})"),
                _ => throw new JsonException($"data.{key} is not a string"),
            };
        }
        return map;
    }

    public override void Write(Utf8JsonWriter writer, SortedDictionary<string, byte[]?> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, bytes) in value)
        {
            if (bytes is null) writer.WriteNull(key);
            else writer.WriteBase64String(key, bytes);
        }
        writer.WriteEndObject();
    }
}
