using System.Buffers;
using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>One PEM block, read and written as Go's encoding/pem does, in time proportional to the text.</summary>
internal sealed record PemBlock(string Type, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Bytes)
{
    private const int LineLength = 64;
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    private static readonly SearchValues<byte> Base64OrBlank = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"u8);

    /// <summary>The text from its first block on, if it has one: before it may stand anything, on the same line too.</summary>
    public static GoString FromFirst(GoString text) => text.Span.IndexOf("-----BEGIN"u8) is >= 0 and var start ? text.Slice(start) : text;

    /// <summary>The next block and what follows it; null, and the text unchanged, if there is none.</summary>
    public static PemBlock? Decode(ExecutionBudget budget, ref GoString text)
    {
        var source = text.Span;
        var position = 0;
        var end = -1;
        while (SkipBegin(source, ref position))
        {
            var start = position;
            var block = TryDecode(budget, source, ref position, ref end);
            budget.Walk(position - start);
            if (block is not null)
            {
                text = text.Slice(position);
                return block;
            }

            if (position >= source.Length)
            {
                break;
            }
        }

        return null;
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

    /// <summary>Goes behind the next <c>BEGIN</c> that stands right here or at the start of a line.</summary>
    private static bool SkipBegin(ReadOnlySpan<byte> source, ref int position)
    {
        var rest = source[position..];
        var skipped = rest.StartsWith("-----BEGIN "u8) ? 0 : rest.IndexOf("\n-----BEGIN "u8) + 1;
        position += skipped + Begin.Length;
        return skipped > 0 || rest.StartsWith("-----BEGIN "u8);
    }

    /// <param name="position">Behind <c>BEGIN</c>; then behind the block or, if it is none, where to look for the next. The end of the text: nowhere.</param>
    /// <param name="end">Where the line break before the next <c>END</c> is, as far as known: it is looked for once, however many blocks begin before it.</param>
    private static PemBlock? TryDecode(ExecutionBudget budget, ReadOnlySpan<byte> source, ref int position, ref int end)
    {
        var typeLine = ReadLine(source, ref position);
        if (!typeLine.EndsWith("-----"u8))
        {
            return null;
        }

        var headers = ReadHeaders(budget, source, ref position);
        if (headers is null)
        {
            position = source.Length;
            return null;
        }

        // An empty body may end right where it begins.
        var body = position;
        var isEmpty = headers.Count == 0 && source[body..].StartsWith("-----END "u8);
        if (!isEmpty && end < body)
        {
            end = source[body..].IndexOf("\n-----END "u8) is >= 0 and var found ? body + found : source.Length;
        }

        var bodyEnd = isEmpty ? body : end;
        var after = bodyEnd + End.Length + (isEmpty ? 0 : 1);
        if (bodyEnd >= source.Length)
        {
            return null;
        }

        // What is no Base64 is found first, at the next block's first dash, so that no text is read once for every block before it.
        var content = source[body..bodyEnd];
        if (content.ContainsAnyExcept(Base64OrBlank) || !EndsType(source, after, typeLine) || GoBase64.Decode(WithoutBlanks(content)).Bytes is not { } bytes)
        {
            return null;
        }

        position = after;
        ReadLine(source, ref position);
        return new(Encoding.Latin1.GetString(typeLine[..^Dashes.Length]), [.. headers], bytes);
    }

    /// <summary>Null if the text ends before a body.</summary>
    private static Dictionary<string, string>? ReadHeaders(ExecutionBudget budget, ReadOnlySpan<byte> source, ref int position)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (position < source.Length)
        {
            var next = position;
            var line = ReadLine(source, ref next);
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                return headers;
            }

            budget.Step();
            budget.AllocateObject();
            budget.Allocate(2L * line.Length);
            headers[Encoding.Latin1.GetString(line[..colon]).Trim()] = Encoding.Latin1.GetString(line[(colon + 1)..]).Trim();
            position = next;
        }

        return null;
    }

    private static bool EndsType(ReadOnlySpan<byte> source, int position, ReadOnlySpan<byte> typeLine)
    {
        var rest = source[position..];
        if (!rest.StartsWith(typeLine))
        {
            return false;
        }

        position += typeLine.Length;
        return ReadLine(source, ref position).IsEmpty;
    }

    private static byte[] WithoutBlanks(ReadOnlySpan<byte> content)
    {
        var bytes = new byte[content.Length];
        var length = 0;
        foreach (var value in content)
        {
            if (value is not ((byte)' ' or (byte)'\t'))
            {
                bytes[length++] = value;
            }
        }

        return bytes[..length];
    }

    private static ReadOnlySpan<byte> ReadLine(ReadOnlySpan<byte> source, ref int position)
    {
        var rest = source[position..];
        var newLine = rest.IndexOf((byte)'\n');
        position = newLine < 0 ? source.Length : position + newLine + 1;
        var line = newLine < 0 ? rest : rest[..newLine];
        return (newLine > 0 && line[^1] == '\r' ? line[..^1] : line).TrimEnd(" \t"u8);
    }
}
