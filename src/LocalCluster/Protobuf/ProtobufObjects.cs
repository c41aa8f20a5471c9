using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Protobuf;

/// <summary>
/// Reads built-in objects that a client sends as protobuf, as <c>kubectl create namespace</c> does. Field numbers stand in
/// <c>core-types.json</c> (<c>x-protobuf</c>: number:name, or number:+message for a message whose fields lie in its parent).
/// Answers are always JSON, which such clients take too.
/// </summary>
internal sealed class ProtobufObjects(SchemaCatalog schemas)
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";
    private const int MaxDepth = 64;

    /// <summary>The four bytes before each message: "k8s" and a zero.</summary>
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <exception cref="ApiException">400: not such a message, or of a kind that is not known here.</exception>
    public JsonObject Read(ReadOnlySpan<byte> body)
    {
        try
        {
            if (!body.StartsWith(Magic)) throw new FormatException("no prefix");
            return ReadEnvelope(body[Magic.Length..]);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw ApiErrors.BadRequest("the body is not a Kubernetes protobuf message: " + e.Message);
        }
    }

    private JsonObject ReadEnvelope(ReadOnlySpan<byte> envelope)
    {
        string apiVersion = "", kind = "";
        ReadOnlySpan<byte> raw = default;
        var reader = new WireReader(envelope);
        while (reader.Next())
        {
            if (reader.Field == 2) raw = reader.Bytes;
            if (reader.Field != 1) continue;
            var meta = new WireReader(reader.Bytes);
            while (meta.Next())
            {
                if (meta.Field == 1) apiVersion = Encoding.UTF8.GetString(meta.Bytes);
                if (meta.Field == 2) kind = Encoding.UTF8.GetString(meta.Bytes);
            }
        }

        var definition = schemas.FindKind(apiVersion, kind) ?? throw ApiErrors.BadRequest($"no kind \"{kind}\" is registered for version \"{apiVersion}\"");
        var json = ReadMessage(raw, schemas.Resolve(definition), 0);
        json.Insert(0, "kind", kind);
        json.Insert(0, "apiVersion", apiVersion);
        return json;
    }

    private JsonObject ReadMessage(ReadOnlySpan<byte> message, TypeSchema schema, int depth)
    {
        if (depth > MaxDepth) throw new FormatException("too deep");
        var json = new JsonObject();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!schema.ProtobufFields.TryGetValue(reader.Field, out var name)) continue;
            if (name.StartsWith('+'))
            {
                foreach (var (inner, value) in ReadMessage(reader.Bytes, schemas.Resolve(name[1..]), depth + 1)) json[inner] = value?.DeepClone();
                continue;
            }

            if (schema.Properties.TryGetValue(name, out var field)) ReadField(json, name, field, ref reader, depth);
        }

        return json;
    }

    private void ReadField(JsonObject json, string name, TypeSchema field, ref WireReader reader, int depth)
    {
        if (field.Type == "array")
        {
            if (json[name] is not JsonArray list) json[name] = list = [];
            list.Add(ReadValue(field.Items!, ref reader, depth));
        }
        else if (field.Type == "object" && field.Properties.Count == 0 && field.AdditionalProperties is { } values)
        {
            if (json[name] is not JsonObject map) json[name] = map = [];
            ReadEntry(map, values, reader.Bytes, depth);
        }
        else if (ReadValue(field, ref reader, depth) is { } value && !(value is JsonValue text && text.TryGetValue(out string? s) && s.Length == 0))
        {
            json[name] = value; // an empty text is how an absent one is sent
        }
    }

    private void ReadEntry(JsonObject map, TypeSchema values, ReadOnlySpan<byte> entry, int depth)
    {
        var key = "";
        JsonNode? value = null;
        var reader = new WireReader(entry);
        while (reader.Next())
        {
            if (reader.Field == 1) key = Encoding.UTF8.GetString(reader.Bytes);
            if (reader.Field == 2) value = ReadValue(values, ref reader, depth);
        }

        map[key] = value ?? "";
    }

    private JsonNode? ReadValue(TypeSchema schema, ref WireReader reader, int depth)
    {
        if (schema.Format == "int-or-string") return ReadIntOrString(reader.Bytes);
        if (schema.Format == "date-time") return ReadTime(reader.Bytes);
        if (schema.IsFreeForm) return ReadRaw(reader.Bytes);
        return schema.Type switch
        {
            "boolean" => reader.Number != 0,
            "integer" => unchecked((long)reader.Number),
            "number" => BitConverter.UInt64BitsToDouble(reader.Number),
            "string" when schema.Format == "byte" => Convert.ToBase64String(reader.Bytes),
            "string" when schema.IsQuantity => FirstText(reader.Bytes),
            "string" => Encoding.UTF8.GetString(reader.Bytes),
            _ => ReadMessage(reader.Bytes, schema, depth + 1),
        };
    }

    private static JsonNode? ReadIntOrString(ReadOnlySpan<byte> message)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) isText = reader.Number == 1;
            if (reader.Field == 2) number = unchecked((long)reader.Number);
            if (reader.Field == 3) text = Encoding.UTF8.GetString(reader.Bytes);
        }

        return isText ? text : number;
    }

    /// <returns><c>null</c> for the zero time.</returns>
    private static JsonNode? ReadTime(ReadOnlySpan<byte> message)
    {
        var (seconds, nanos) = (0L, 0L);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) seconds = unchecked((long)reader.Number);
            if (reader.Field == 2) nanos = unchecked((long)reader.Number);
        }

        if (seconds <= 0) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (nanos == 0) return Timestamps.Seconds(time);
        return time.AddTicks(nanos / 100).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    private static string FirstText(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        return reader.Next() ? Encoding.UTF8.GetString(reader.Bytes) : "";
    }

    /// <summary>Raw JSON inside a message, as of managed fields.</summary>
    private static JsonNode? ReadRaw(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        return reader.Next() && !reader.Bytes.IsEmpty ? RequestBody.ParseJson(Encoding.UTF8.GetString(reader.Bytes), "object") : null;
    }
}
