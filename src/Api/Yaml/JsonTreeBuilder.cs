using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>Concatenated JSON values → trees, duplicate names refused.</summary>
internal static class JsonTreeBuilder
{
    /// <returns>False when the text is not JSON (it may still be YAML in flow style).</returns>
    /// <exception cref="YamlFormatException">It is JSON, but with a duplicate name or beyond a limit.</exception>
    public static bool TryReadAll(string text, YamlLimits limits, out IReadOnlyList<YamlDocument> documents)
    {
        var found = new List<YamlDocument>();
        documents = found;
        var bytes = Encoding.UTF8.GetBytes(text);
        GoJsonText.MendEscapes(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = limits.MaxDepth + 1 });
        var budget = new NodeBudget(limits);
        try
        {
            while (reader.Read())
            {
                var line = LineOf(bytes, reader.TokenStartIndex);
                found.Add(new YamlDocument(ReadValue(ref reader, budget, 0, bytes), found.Count, line));
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, NodeBudget budget, int depth, byte[] text)
    {
        budget.Spend(1, depth, 0, 0);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return ReadObject(ref reader, budget, depth, text);
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(ReadValue(ref reader, budget, depth + 1, text));
                return list;
            case JsonTokenType.String: return TextNodes.Of(reader.GetString()!);
            case JsonTokenType.True: return JsonValue.Create(true);
            case JsonTokenType.False: return JsonValue.Create(false);
            case JsonTokenType.Number:
                if (reader.TryGetInt64(out var integer)) return JsonValue.Create(integer);
                return reader.TryGetUInt64(out var unsigned) ? JsonValue.Create(unsigned) : JsonValue.Create(reader.GetDouble());
            default: return null;
        }
    }

    private static JsonObject ReadObject(ref Utf8JsonReader reader, NodeBudget budget, int depth, byte[] text)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (map.ContainsKey(name)) throw new YamlFormatException($"duplicate key \"{name}\"", LineOf(text, reader.TokenStartIndex), 0);
            reader.Read();
            map.Add(name, ReadValue(ref reader, budget, depth + 1, text));
        }
        return map;
    }

    private static long LineOf(byte[] text, long index) => 1 + text.AsSpan(0, (int)index).Count((byte)'\n');
}
