using System.Text;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// The text form: PEM's begin and end lines around padded base64 in lines of 64 columns, the last one 1 to 64. Read strictly, as the
/// format demands: no headers, no blank lines, no inner white space, canonical base64. Line ends may be LF or CRLF, and white space may
/// stand before and after.
/// </summary>
public static class AgeArmor
{
    private const string Begin = "-----BEGIN AGE ENCRYPTED FILE-----";
    private const string End = "-----END AGE ENCRYPTED FILE-----";
    private const int Columns = 64;

    /// <summary>The most white space that may stand before or after, in bytes.</summary>
    private const int MaxOuterSpace = 1024;

    /// <summary>Whether a text begins like armor; says nothing about the rest.</summary>
    public static bool LooksArmored(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8).StartsWith("-----BEGIN AGE"u8);

    /// <returns>The binary age file.</returns>
    /// <exception cref="AgeException">Armor or limit.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> text, AgeLimits? limits = null)
    {
        if (text.Length > (limits ?? AgeLimits.Default).MaxFileBytes) throw new AgeException(AgeFailure.Limit, "age armor: longer than the limit");
        var body = text.TrimStart(" \t\r\n"u8);
        var before = text.Length - body.Length;
        var trimmed = body.TrimEnd(" \t\r\n"u8);
        if (before > MaxOuterSpace || body.Length - trimmed.Length > MaxOuterSpace) throw Malformed("too much white space around it");
        if (trimmed.ContainsAnyExcept(Allowed)) throw Malformed("a character that does not belong");
        return DecodeLines(Encoding.ASCII.GetString(trimmed).Split('\n'));
    }

    /// <returns>ASCII text that ends with a newline.</returns>
    public static string Encode(ReadOnlySpan<byte> file)
    {
        var base64 = Convert.ToBase64String(file);
        var text = new StringBuilder(Begin).Append('\n');
        for (var start = 0; start < base64.Length; start += Columns)
        {
            text.Append(base64.AsSpan(start, Math.Min(Columns, base64.Length - start))).Append('\n');
        }
        return text.Append(End).Append('\n').ToString();
    }

    private static readonly System.Buffers.SearchValues<byte> Allowed = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=- \r\n"u8);

    private static byte[] DecodeLines(string[] lines)
    {
        for (var i = 0; i < lines.Length - 1; i++)
        {
            // The last line has lost its end by trimming; a CR inside a line fails as base64 below.
            if (lines[i].EndsWith('\r')) lines[i] = lines[i][..^1];
        }
        if (lines[0] != Begin) throw Malformed("the first line is not the begin line");
        if (lines.Length < 2 || lines[^1] != End) throw Malformed("the last line is not the end line");
        var base64 = new StringBuilder();
        for (var i = 1; i < lines.Length - 1; i++)
        {
            var isLast = i == lines.Length - 2;
            if (isLast ? lines[i].Length is 0 or > Columns : lines[i].Length != Columns) throw Malformed($"line {i + 1} does not have 64 columns");
            base64.Append(lines[i]);
        }
        if (!AgeBase64.TryDecodePadded(base64.ToString(), out var file)) throw Malformed("the lines are not canonical base64");
        return file;
    }

    private static AgeException Malformed(string problem) => new(AgeFailure.Armor, "age armor: " + problem);
}
