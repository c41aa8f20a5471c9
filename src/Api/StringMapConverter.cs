using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>A map of strings with ordinally sorted keys, as Go prints maps. A value that is not a string is an error; <c>null</c> reads as empty.</summary>
public class StringMapConverter : JsonConverter<SortedDictionary<string, string>>
{
    public override SortedDictionary<string, string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return OnWrongShape(ref reader);
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.String: map[key] = reader.GetString()!; break;
                case JsonTokenType.Null: map[key] = ""; break;
                default: OnWrongValue(key, ref reader); break;
            }
        }
        return map;
    }

    public override void Write(Utf8JsonWriter writer, SortedDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value) writer.WriteString(key, text);
        writer.WriteEndObject();
    }

    protected virtual SortedDictionary<string, string>? OnWrongShape(ref Utf8JsonReader reader) =>
        throw new JsonException("expected an object of strings");

    protected virtual void OnWrongValue(string key, ref Utf8JsonReader reader) =>
        throw new JsonException($"the value of \"{key}\" is not a string; quote it");
}
