using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>The inside of JSON strings, bytes to bytes, so that no plaintext becomes a string that cannot be zeroed.</summary>
internal static class JsonText
{
    /// <param name="written">What stands between the quotes of a valid string.</param>
    /// <returns>The caller's to zero. Bytes that are no UTF-8 stay as they are; half a surrogate pair becomes U+FFFD, as in Go.</returns>
    public static byte[] Unescape(ReadOnlySpan<byte> written)
    {
        if (!written.Contains((byte)'\\')) return written.ToArray();
        using var text = new SecretBuffer();
        while (!written.IsEmpty)
        {
            var plain = written.IndexOf((byte)'\\');
            if (plain < 0) plain = written.Length;
            text.Append(written[..plain]);
            written = written[plain..];
            if (!written.IsEmpty) written = written[UnescapeOne(written, text)..];
        }

        return text.ToArray();
    }

    /// <summary>With quotes, and what HTML minds escaped, as Go's encoder does where it is not told to leave that.</summary>
    public static void Quote(ReadOnlySpan<byte> text, SecretBuffer to, bool escapesHtml = true)
    {
        to.Append((byte)'"');
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (status != System.Buffers.OperationStatus.Done) to.Append("\\ufffd"u8);
            else if (Escape(rune, escapesHtml) is { } escape) to.Append(Encoding.ASCII.GetBytes(escape));
            else to.Append(text[..length]);
            text = text[length..];
        }

        to.Append((byte)'"');
    }

    private static string? Escape(Rune rune, bool escapesHtml) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        '<' or '>' or '&' when !escapesHtml => null,
        < ' ' or '<' or '>' or '&' or 0x2028 or 0x2029 => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => null,
    };

    /// <summary>How many bytes the escape takes.</summary>
    private static int UnescapeOne(ReadOnlySpan<byte> escape, SecretBuffer to)
    {
        if (escape[1] == (byte)'u') return UnescapeUnicode(escape, to);
        to.Append(escape[1] switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            var itself => itself,
        });
        return 2;
    }

    private static int UnescapeUnicode(ReadOnlySpan<byte> escape, SecretBuffer to)
    {
        var (first, length) = (UnitAt(escape), 6);
        if (!Rune.TryCreate((char)first, out var rune))
        {
            rune = Rune.ReplacementChar;
            if (escape[6..].StartsWith("\\u"u8))
            {
                length = 12;
                if (Rune.TryCreate((char)first, (char)UnitAt(escape[6..]), out var pair)) rune = pair;
            }
        }

        to.Advance(rune.EncodeToUtf8(to.GetSpan(4)));
        return length;
    }

    private static ushort UnitAt(ReadOnlySpan<byte> escape) => Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'X') ? unit : (ushort)0xFFFD;
}
