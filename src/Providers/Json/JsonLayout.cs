using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>White space in JSON: none, or as github.com/tidwall/pretty puts it, where an array that holds no object stays on a line that it fits.</summary>
internal static class JsonLayout
{
    public static ReadOnlyMemory<byte> Ugly(JsonPiece json, GjsonRun run)
    {
        using var text = new SecretBuffer();
        var isQuoted = false;
        var raw = json.Raw.Span;
        for (var i = 0; i < raw.Length; i++)
        {
            if (!isQuoted && raw[i] <= ' ') continue;
            text.Append(raw[i]);
            if (raw[i] == '"') isQuoted = !isQuoted;
            else if (raw[i] == '\\') text.Append(raw[++i]);
        }

        return run.Keep(text.ToArray());
    }

    public static ReadOnlyMemory<byte> Pretty(JsonPiece json, string argument, GjsonRun run)
    {
        if (!json.Exists) return ReadOnlyMemory<byte>.Empty;
        var width = GjsonModifiers.Option(argument, "width") is { Kind: JsonKind.Number } number ? (int)Math.Clamp(JsonNumber.Of(number.Raw.Span), -1, 10_000) : 80;
        var printer = new JsonPrettyPrinter(
            Blanks(GjsonModifiers.Option(argument, "prefix"), ""),
            Blanks(GjsonModifiers.Option(argument, "indent"), "  "),
            width,
            GjsonModifiers.Option(argument, "sortKeys").Kind == JsonKind.True,
            run);
        return printer.Print(json);
    }

    /// <summary>Only white space may be put into a document.</summary>
    private static string Blanks(JsonPiece option, string otherwise) =>
        option.Exists ? string.Concat(Encoding.UTF8.GetString(option.ToText()).Where(character => character is ' ' or '\t' or '\r' or '\n')) : otherwise;
}
