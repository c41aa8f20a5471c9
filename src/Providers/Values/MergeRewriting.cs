using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Values;

/// <summary><c>rewrite.merge</c>: every value is a JSON object, and all are laid over each other.</summary>
/// <param name="Into">With the strategy JSON, the key of the merged object.</param>
/// <param name="Priority">Keys laid over all others, the last on top.</param>
/// <param name="IgnoresMissingPriority">A priority key that is not there is no error.</param>
/// <param name="IgnoresConflicts">A member of several objects is no error.</param>
/// <param name="AsJson">The merged object becomes one more value, as JSON; else its members become the values, and nothing else stays.</param>
internal sealed record MergeRewriting(string Into, IReadOnlyList<string> Priority, bool IgnoresMissingPriority, bool IgnoresConflicts, bool AsJson)
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="ValuesException">A value is no JSON object, or a member or priority key is amiss.</exception>
    public SecretValues Apply(SecretValues values)
    {
        if (AsJson && Into.Length == 0) throw new ValuesException("rewrite.merge: strategy JSON needs into, the key of the merged value");
        var documents = new List<JsonDocument>();
        var texts = new List<byte[]>();
        try
        {
            var merged = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var key in Order(values)) Lay(merged, key, Read(documents, key, Mended(texts, values.Find(key)!)));
            return AsJson ? WithMerged(values, merged) : Members(merged);
        }
        finally
        {
            foreach (var document in documents) document.Dispose();
            foreach (var text in texts) CryptographicOperations.ZeroMemory(text);
        }
    }

    private List<string> Order(SecretValues values)
    {
        var missing = Priority.FirstOrDefault(key => !values.Contains(key));
        if (missing is not null && !IgnoresMissingPriority) throw new ValuesException($"rewrite.merge: priority key {missing} not found in the values");
        return [.. values.Keys.Where(key => !Priority.Contains(key)), .. Priority.Where(values.Contains)];
    }

    private static byte[] Mended(List<byte[]> texts, byte[] value)
    {
        var text = Api.GoJsonText.Mended(value);
        texts.Add(text);
        return text;
    }

    private static JsonElement Read(List<JsonDocument> documents, string key, byte[] value)
    {
        try
        {
            var document = JsonDocument.Parse(value);
            documents.Add(document);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement;
        }
        catch (JsonException)
        {
            // Its message could quote the value.
        }
        throw new ValuesException($"rewrite.merge: the value of {key} is no JSON object");
    }

    private void Lay(SortedDictionary<string, JsonElement> merged, string key, JsonElement over)
    {
        foreach (var member in over.EnumerateObject())
        {
            // Of a key with priority, too: what that decides has to be wished for, with conflictPolicy Ignore.
            if (merged.ContainsKey(member.Name) && !IgnoresConflicts)
            {
                throw new ValuesException($"rewrite.merge: member {member.Name} of {key} is in another value too");
            }
            merged[member.Name] = member.Value;
        }
    }

    private static SecretValues Members(SortedDictionary<string, JsonElement> merged)
    {
        var members = new SecretValues();
        foreach (var (name, value) in merged) members.Set(name, Text(value));
        return members;
    }

    private SecretValues WithMerged(SecretValues values, SortedDictionary<string, JsonElement> merged)
    {
        var all = new SecretValues();
        foreach (var (key, value) in values.Entries) all.Set(key, [.. value]);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Unescaped))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in merged)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        all.Set(Into, stream.ToArray());
        return all;
    }

    private static byte[] Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Null => [],
        JsonValueKind.Number => Encoding.UTF8.GetBytes(Number(value)),
        JsonValueKind.True => "true"u8.ToArray(),
        JsonValueKind.False => "false"u8.ToArray(),
        _ => Compact(value),
    };

    private static byte[] Compact(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Api.GoJsonEncoder.Instance })) value.WriteTo(writer);
        return stream.ToArray();
    }

    /// <summary>Without an exponent. Whole numbers keep all their digits, which the original loses beyond 2^53.</summary>
    private static string Number(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0) return raw;
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return raw;
        return Plain(number);
    }

    private static string Plain(double number)
    {
        // The shortest digits that read back as the same number, then the point put where the exponent says.
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0) return text;
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var mantissa = text[sign.Length..e];
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (mantissa.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : mantissa.Length) + exponent;
        if (point <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        return point >= digits.Length ? sign + digits.PadRight(point, '0') : $"{sign}{digits[..point]}.{digits[point..]}";
    }
}
