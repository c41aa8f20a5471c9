using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>
/// Writes YAML as sigs.k8s.io/yaml does (keys sorted, lists not indented below their key, long lines not folded, text with line breaks
/// as a literal block), and quotes whatever another reader might take for something else.
/// </summary>
public static class YamlWriter
{
    // libyaml's bound for a key on one line with its value; a longer one is written as "? key".
    private const int LongestSimpleKey = 128;

    /// <summary>One document, keys sorted, as sigs.k8s.io/yaml prints it; ends with a newline; no <c>---</c>.</summary>
    public static string Write(JsonNode? node)
    {
        var output = new StringBuilder();
        switch (node)
        {
            case JsonObject { Count: > 0 } map: WriteMap(output, map, 0); break;
            case JsonArray { Count: > 0 } list: WriteList(output, list, 0); break;
            default: WriteInline(output, node, 0); break;
        }
        return output.ToString();
    }

    private static void WriteMap(StringBuilder output, JsonObject map, int indent, bool continued = false)
    {
        foreach (var (name, value) in map.OrderBy(entry => entry.Key, YamlKeyOrder.Instance))
        {
            if (!continued) output.Append(' ', indent);
            continued = false;
            var key = KeyText(name);
            if (Encoding.UTF8.GetByteCount(name) > LongestSimpleKey) output.Append("? ").Append(key).Append('\n').Append(' ', indent);
            else output.Append(key);
            output.Append(':');
            WriteValue(output, value, indent);
        }
    }

    private static void WriteValue(StringBuilder output, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                output.Append('\n');
                WriteMap(output, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                output.Append('\n');
                WriteList(output, list, indent);
                break;
            default:
                output.Append(' ');
                WriteInline(output, value, indent);
                break;
        }
    }

    private static void WriteList(StringBuilder output, JsonArray list, int indent, bool continued = false)
    {
        foreach (var item in list)
        {
            if (!continued) output.Append(' ', indent);
            continued = false;
            output.Append("- ");
            switch (item)
            {
                case JsonObject { Count: > 0 } map: WriteMap(output, map, indent + 2, continued: true); break;
                case JsonArray { Count: > 0 } inner: WriteList(output, inner, indent + 2, continued: true); break;
                default: WriteInline(output, item, indent); break;
            }
        }
    }

    private static void WriteInline(StringBuilder output, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject: output.Append("{}\n"); break;
            case JsonArray: output.Append("[]\n"); break;
            case null: output.Append("null\n"); break;
            default:
                if (value.AsText() is { } text) WriteText(output, text, indent);
                else output.Append(NumberOrBoolean(value)).Append('\n');
                break;
        }
    }

    private static void WriteText(StringBuilder output, string text, int indent)
    {
        var analysis = YamlScalarAnalysis.Of(text);
        if (text.Contains('\n') && analysis.Literal) WriteLiteral(output, text, indent + 2);
        else output.Append(QuoteIfNeeded(text, analysis)).Append('\n');
    }

    private static void WriteLiteral(StringBuilder output, string text, int indent)
    {
        output.Append('|');
        if (text[0] is ' ' or '\n') output.Append('2');
        if (text[^1] != '\n') output.Append('-');
        else if (text.Length == 1 || text[^2] == '\n') output.Append('+');
        var body = text[^1] == '\n' ? text[..^1] : text;
        foreach (var line in body.Split('\n'))
        {
            output.Append('\n');
            if (line.Length > 0) output.Append(' ', indent).Append(line);
        }
        output.Append('\n');
    }

    // YamlDotNet 18.1 misreads a plain key with " *" in it; no key of a Kubernetes object has one, so the quotes cost no likeness.
    private static string KeyText(string name)
    {
        var analysis = YamlScalarAnalysis.Of(name);
        return QuoteIfNeeded(name, name.Contains(" *", StringComparison.Ordinal) ? analysis with { Plain = false } : analysis);
    }

    private static string QuoteIfNeeded(string text, YamlScalarAnalysis analysis)
    {
        var readsAsText = YamlScalars.IsText(text) && !LooksLikeBase60(text) && !YamlScalars.IsTimestamp(text);
        if (readsAsText && analysis.Plain) return text;
        return readsAsText && analysis.SingleQuoted && !text.Contains('\n')
            ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"
            : $"\"{YamlScalarAnalysis.Escape(text)}\"";
    }

    // YAML 1.1 readers take 1:30 for a number; Go quotes it though it reads it as text.
    private static bool LooksLikeBase60(string text) =>
        text.Contains(':', StringComparison.Ordinal) && text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] is '+' or '-')
        && text.TrimStart('+', '-').All(c => char.IsAsciiDigit(c) || c is ':' or '.' or '_') && char.IsAsciiDigit(text[^1]);

    private static string NumberOrBoolean(JsonNode value)
    {
        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return value.GetValueKind() == JsonValueKind.True ? "true" : "false";
        if (value is JsonValue number && number.TryGetValue<double>(out var real) && !number.TryGetValue<long>(out _) && !number.TryGetValue<ulong>(out _))
            return GoFloat(real);
        return value.ToJsonString();
    }

    // Go's 'g' format: an exponent of at least two digits from 1e+21 up and below 1e-4.
    private static string GoFloat(double real)
    {
        var text = real.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(real) is >= 1e-4 and < 1e21 && text.Contains('E', StringComparison.Ordinal)) text = ((decimal)real).ToString(CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        if (at < 0) return text;
        var exponent = int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture);
        return $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
