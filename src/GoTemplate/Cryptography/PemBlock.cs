using System.Text;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>One PEM block, read and written as Go's encoding/pem does.</summary>
internal sealed record PemBlock(string Type, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Bytes)
{
    private const int LineLength = 64;
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>The next block and what follows it; null, and the text unchanged, if there is none.</summary>
    public static PemBlock? Decode(ref GoString text)
    {
        // Latin-1 keeps one char a byte, so positions in both are the same.
        var source = Encoding.Latin1.GetString(text.Span);
        for (var at = FindLine(source, Begin, 0); at >= 0; at = FindLine(source, Begin, at + Begin.Length))
        {
            if (TryDecode(source, at + Begin.Length, out var end) is { } block)
            {
                text = text.Slice(end);
                return block;
            }
        }

        return null;
    }

    public static List<PemBlock> DecodeAll(ref GoString text)
    {
        var blocks = new List<PemBlock>();
        while (Decode(ref text) is { } block)
        {
            blocks.Add(block);
        }

        return blocks;
    }

    public static GoString Encode(string type, byte[] bytes) => new PemBlock(type, [], bytes).Encode();

    public GoString Encode()
    {
        var builder = new ByteBuilder();
        builder.Append($"{Begin}{Type}{Dashes}\n");
        foreach (var header in Headers.OrderBy(header => header.Key == "Proc-Type" ? 0 : 1).ThenBy(header => header.Key, StringComparer.Ordinal))
        {
            builder.Append($"{header.Key}: {header.Value}\n");
        }

        builder.Append(Headers.Count > 0 ? "\n" : "");
        var base64 = Convert.ToBase64String(Bytes);
        for (var i = 0; i < base64.Length; i += LineLength)
        {
            builder.Append(base64.Substring(i, Math.Min(LineLength, base64.Length - i)));
            builder.Append('\n');
        }

        builder.Append($"{End}{Type}{Dashes}\n");
        return builder.ToGoString();
    }

    private static int FindLine(string source, string start, int from)
    {
        if (from == 0 && source.StartsWith(start, StringComparison.Ordinal))
        {
            return 0;
        }

        var at = source.IndexOf("\n" + start, Math.Min(from, source.Length), StringComparison.Ordinal);
        return at < 0 ? -1 : at + 1;
    }

    private static PemBlock? TryDecode(string source, int position, out int end)
    {
        end = position;
        var typeLine = ReadLine(source, ref position);
        if (!typeLine.EndsWith(Dashes, StringComparison.Ordinal))
        {
            return null;
        }

        var type = typeLine[..^Dashes.Length];
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (position < source.Length)
        {
            var mark = position;
            var line = ReadLine(source, ref position);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                position = mark;
                break;
            }

            headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        // An empty body may end right where it begins.
        var bodyEnd = headers.Count == 0 && string.CompareOrdinal(source, position, End, 0, End.Length) == 0 ? position : source.IndexOf("\n" + End, position, StringComparison.Ordinal);
        if (bodyEnd < 0)
        {
            return null;
        }

        end = (bodyEnd == position ? bodyEnd : bodyEnd + 1) + End.Length;
        if (source[bodyEnd] == '\n')
        {
            end = bodyEnd + 1 + End.Length;
        }

        if (ReadLine(source, ref end) != type + Dashes)
        {
            return null;
        }

        var body = source[position..bodyEnd].Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
        return GoBase64.Decode(Encoding.Latin1.GetBytes(body)).Bytes is { } bytes ? new(type, [.. headers], bytes) : null;
    }

    private static string ReadLine(string source, ref int position)
    {
        var newLine = source.IndexOf('\n', Math.Min(position, source.Length));
        var line = newLine < 0 ? source[Math.Min(position, source.Length)..] : source[position..newLine];
        position = newLine < 0 ? source.Length : newLine + 1;
        return line.TrimEnd(' ', '\t', '\r');
    }
}
