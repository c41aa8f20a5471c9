using System.Buffers;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>Several paths joined to a new document: <c>[a,b.c]</c> or <c>{a,"name":b.c}</c>.</summary>
internal sealed class GjsonMultipath(bool isObject, IReadOnlyList<(string? Name, string Path)> parts)
{
    private static readonly SearchValues<char> Special = SearchValues.Create("[]{}()#|!");

    public static bool TryParse(string path, out GjsonMultipath multipath, out string rest)
    {
        var parts = new List<(string? Name, string Path)>();
        multipath = new(path[0] == '{', parts);
        var (start, colon, depth, inModifier) = (1, -1, 1, false);
        for (var i = 1; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    i = Brackets.EndOfQuote(path, i);
                    break;
                case '@' when path[i - 1] is '.' or '|':
                    // The colon after it belongs to the modifier's argument.
                    inModifier = true;
                    break;
                case ':' when depth == 1 && colon < 0 && !inModifier:
                    colon = i;
                    break;
                case '[' or '(' or '{':
                    depth++;
                    break;
                case ',' when depth == 1:
                    parts.Add(Part(path, start, colon, i));
                    (start, colon, inModifier) = (i + 1, -1, false);
                    break;
                case ']' or ')' or '}' when --depth == 0:
                    parts.Add(Part(path, start, colon, i));
                    rest = path[(i + 1)..];
                    return true;
            }
        }

        rest = path;
        return false;
    }

    public JsonPiece Build(JsonPiece json, GjsonRun run)
    {
        using var document = new SecretBuffer();
        document.Append(isObject ? (byte)'{' : (byte)'[');
        foreach (var (name, path) in parts)
        {
            var value = Gjson.Get(json, path, run);
            if (!value.Exists) continue;
            if (document.Length > 1) document.Append((byte)',');
            if (isObject)
            {
                AppendName(name, path, document);
                document.Append((byte)':');
            }

            document.Append(value.Raw.Span);
            run.Bound(document.Length);
        }

        document.Append(isObject ? (byte)'}' : (byte)']');
        return JsonPiece.Of(run.Keep(document.ToArray()));
    }

    private static (string? Name, string Path) Part(string path, int start, int colon, int end) =>
        colon < 0 ? (null, path[start..end]) : (path[start..colon], path[(colon + 1)..end]);

    private static void AppendName(string? name, string path, SecretBuffer document)
    {
        if (!string.IsNullOrEmpty(name))
        {
            var written = Encoding.UTF8.GetBytes(name);
            if (JsonPiece.Parse(written).Kind == JsonKind.Text) document.Append(written);
            else JsonText.Quote(written, document);
            return;
        }

        var last = LastComponent(path);
        var isSimple = !last.AsSpan().ContainsAny(Special) && last.All(character => character >= ' ');
        JsonText.Quote(Encoding.UTF8.GetBytes(isSimple ? last : "_"), document);
    }

    private static string LastComponent(string path)
    {
        for (var i = path.Length - 1; i >= 0; i--)
        {
            if (path[i] is '|' or '.' && (i == 0 || path[i - 1] != '\\')) return path[(i + 1)..];
        }

        return path;
    }
}
