using System.Globalization;
using System.Text.Encodings.Web;

namespace GitOpsSecrets.Api;

/// <summary>
/// Escapes JSON strings as Go's encoding/json does: <c>&lt; &gt; &amp;</c>, U+2028 and U+2029 as <c>\u00xx</c>, control characters, quote and
/// backslash; everything else stays as it is, so that output can be compared with the originals byte for byte.
/// </summary>
public sealed unsafe class GoJsonEncoder : JavaScriptEncoder
{
    public static GoJsonEncoder Instance { get; } = new();

    private GoJsonEncoder() { }

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is < 0x20 or '"' or '\\' or '<' or '>' or '&' or 0x2028 or 0x2029;

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var i = 0; i < textLength; i++)
        {
            if (WillEncode(text[i])) return i;
            if (!char.IsSurrogate(text[i])) continue;
            // A lone surrogate is no character; the encoder replaces it. A pair passes.
            if (!char.IsHighSurrogate(text[i]) || i + 1 >= textLength || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }
        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escape = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => "\\u" + unicodeScalar.ToString("x4", CultureInfo.InvariantCulture),
        };
        numberOfCharactersWritten = 0;
        if (!escape.AsSpan().TryCopyTo(new Span<char>(buffer, bufferLength))) return false;
        numberOfCharactersWritten = escape.Length;
        return true;
    }
}
