using System.Text;
using System.Text.Unicode;

namespace GitOpsSecrets.Api;

/// <summary>JSON as Go reads it, where ours refuses.</summary>
public static class GoJsonText
{
    /// <summary>A copy in which half surrogate pairs and bytes that are no UTF-8 are U+FFFD: the reader takes both, and throws when such a text is asked for.</summary>
    /// <returns>The caller's to zero.</returns>
    public static byte[] Mended(ReadOnlySpan<byte> json)
    {
        var mended = Utf8.IsValid(json) ? json.ToArray() : Recoded(json);
        MendEscapes(mended);
        return mended;
    }

    /// <summary>The same in place, of what is UTF-8.</summary>
    public static void MendEscapes(Span<byte> json)
    {
        for (var at = 0; json[at..].IndexOf((byte)'\\') is var next and >= 0;)
        {
            at += next;
            at += EscapeAt(json[at..]);
        }
    }

    private static byte[] Recoded(ReadOnlySpan<byte> json)
    {
        var text = new char[Encoding.UTF8.GetCharCount(json)];
        Encoding.UTF8.GetChars(json, text);
        var bytes = Encoding.UTF8.GetBytes(text);
        Array.Clear(text);
        return bytes;
    }

    /// <returns>How many bytes are done.</returns>
    private static int EscapeAt(Span<byte> escape)
    {
        if (!IsUnit(escape, out var first)) return Math.Min(2, escape.Length);
        if (!char.IsSurrogate(first)) return 6;
        if (char.IsHighSurrogate(first) && IsUnit(escape[6..], out var second) && char.IsLowSurrogate(second)) return 12;
        "\\ufffd"u8.CopyTo(escape);
        return 6;
    }

    private static bool IsUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < 6 || !escape.StartsWith("\\u"u8)) return false;
        Span<byte> bytes = stackalloc byte[2];
        if (Convert.FromHexString(escape[2..6], bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        unit = (char)((bytes[0] << 8) | bytes[1]);
        return true;
    }
}
