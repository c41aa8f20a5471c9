namespace GitOpsSecrets.Api;

/// <summary>Standard base64 with padding, read as Go reads it: CR and LF are skipped, anything else foreign is refused with its position.</summary>
public static class Base64Text
{
    /// <param name="text">Base64 characters.</param>
    /// <param name="bytes">The decoded bytes, or empty on failure.</param>
    /// <param name="errorOffset">Offset in characters of the first one that does not belong, as Go counts it; 0 on success.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes, out int errorOffset)
    {
        bytes = [];
        errorOffset = 0;
        var quad = 0;
        var filled = 0;
        var padding = 0;
        var result = new byte[(text.Length / 4 * 3) + 3];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r' or '\n') continue;
            var value = Value(c);
            // '=' may only fill up the last group, from its third place on; nothing but line breaks may follow it.
            var misplaced = padding > 0 && filled == 0;
            if (misplaced || (c == '=' ? filled < 2 : padding > 0 || value < 0))
            {
                errorOffset = i;
                Array.Clear(result);
                return false;
            }
            if (c == '=') padding++;
            quad = (quad << 6) | (c == '=' ? 0 : value);
            if (++filled < 4) continue;
            for (var shift = 16; shift >= 8 * padding; shift -= 8) result[length++] = (byte)((quad >> shift) & 0xFF);
            quad = 0;
            filled = 0;
        }
        if (filled != 0)
        {
            errorOffset = text.Length - filled;
            Array.Clear(result);
            return false;
        }
        bytes = result[..length];
        Array.Clear(result);
        return true;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        _ => -1,
    };
}
