using System.Globalization;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents.Json;

/// <summary>
/// Reads JSON with its order. A key that stands twice in a map is refused: the original takes both, most readers the last, so that one file
/// would be two documents (vector m04).
/// </summary>
internal static class JsonReader
{
    /// <summary>Any JSON value.</summary>
    /// <exception cref="SopsException">Malformed or limit.</exception>
    public static DocumentNode Read(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        if (file.Length > limits.MaxBytes) throw new SopsException(SopsFailure.Limit, $"the file is longer than {limits.MaxBytes} bytes");
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        var reader = new Utf8JsonReader(file, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 });
        var nodes = 0;
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, limits, ref nodes);
            // Throws on anything but white space.
            reader.Read();
            return root;
        }
        catch (JsonException failure)
        {
            // Its message may quote the text.
            throw new SopsException(SopsFailure.Malformed, $"line {failure.LineNumber + 1}: not valid JSON, or nested deeper than {limits.MaxDepth} levels");
        }
        catch (InvalidOperationException)
        {
            throw new SopsException(SopsFailure.Malformed, $"byte {reader.TokenStartIndex}: text that is not valid Unicode");
        }
    }

    private static DocumentNode ReadValue(ref Utf8JsonReader reader, SopsLimits limits, ref int nodes)
    {
        if (++nodes > limits.MaxNodes) throw new SopsException(SopsFailure.Limit, $"more than {limits.MaxNodes} nodes");
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(ref reader, limits, ref nodes),
            JsonTokenType.StartArray => ReadList(ref reader, limits, ref nodes),
            JsonTokenType.String => ScalarNode.Text(reader.GetString()!),
            JsonTokenType.Number => ReadNumber(ref reader),
            JsonTokenType.True => ScalarNode.Boolean(true),
            JsonTokenType.False => ScalarNode.Boolean(false),
            _ => ScalarNode.Null,
        };
    }

    private static MapNode ReadMap(ref Utf8JsonReader reader, SopsLimits limits, ref int nodes)
    {
        var map = new MapNode();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            if (!keys.Add(key)) throw new SopsException(SopsFailure.Malformed, $"byte {reader.TokenStartIndex}: a key that is in its map already");
            reader.Read();
            map.Add(key, ReadValue(ref reader, limits, ref nodes));
        }
        return map;
    }

    private static ListNode ReadList(ref Utf8JsonReader reader, SopsLimits limits, ref int nodes)
    {
        var list = new ListNode();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Items.Add(ReadValue(ref reader, limits, ref nodes));
        return list;
    }

    private static ScalarNode ReadNumber(ref Utf8JsonReader reader)
    {
        var text = Encoding.ASCII.GetString(reader.ValueSpan);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return ScalarNode.Whole(whole);
        return GoFloat.TryParse(text, out var real) ? ScalarNode.Real(real) : throw new SopsException(SopsFailure.Malformed, $"byte {reader.TokenStartIndex}: a number beyond 64 bits");
    }
}
