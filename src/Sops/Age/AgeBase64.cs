namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// Standard base64 in the one form that its bytes have: unpadded in headers, padded in armor. Text that decodes but would be written
/// differently (padding, line breaks, bits left over in the last character) is refused, so that what parses writes back the same bytes.
/// </summary>
internal static class AgeBase64
{
    public static bool TryDecodeUnpadded(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 == 1 || text.Contains('=')) return false;
        var padded = string.Concat(text, "==".AsSpan(0, (4 - (text.Length % 4)) % 4));
        return TryDecodePadded(padded, out bytes);
    }

    public static bool TryDecodePadded(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 != 0) return false;
        var result = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, result, out var length)) return false;
        // The decoder skips white space and ignores left-over bits; comparing with the canonical text catches both.
        if (!text.SequenceEqual(Convert.ToBase64String(result, 0, length))) return false;
        bytes = result[..length];
        return true;
    }

    public static string EncodeUnpadded(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
