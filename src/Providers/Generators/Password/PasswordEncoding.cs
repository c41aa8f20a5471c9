using System.Buffers.Text;

namespace GitOpsSecrets.Providers.Generators.Password;

/// <summary>How a password is written: the names of the spec's <c>encoding</c>. All pad where their alphabet knows padding.</summary>
internal static class PasswordEncoding
{
    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    public static bool IsKnown(string encoding) => encoding is "raw" or "base64" or "base64url" or "base32" or "hex";

    /// <returns>A new array; the caller's to zero.</returns>
    public static byte[] Encode(ReadOnlySpan<byte> password, string encoding) => encoding switch
    {
        "base64" => ToBase64(password),
        "base64url" => ToBase64Url(password),
        "base32" => Base32.Encode(password),
        "hex" => ToHex(password),
        _ => password.ToArray(),
    };

    private static byte[] ToBase64(ReadOnlySpan<byte> password)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(password.Length)];
        Base64.EncodeToUtf8(password, text, out _, out _);
        return text;
    }

    private static byte[] ToBase64Url(ReadOnlySpan<byte> password)
    {
        var text = ToBase64(password);
        text.AsSpan().Replace((byte)'+', (byte)'-');
        text.AsSpan().Replace((byte)'/', (byte)'_');
        return text;
    }

    private static byte[] ToHex(ReadOnlySpan<byte> password)
    {
        var text = new byte[password.Length * 2];
        for (var position = 0; position < password.Length; position++)
        {
            text[position * 2] = HexDigits[password[position] >> 4];
            text[(position * 2) + 1] = HexDigits[password[position] & 15];
        }

        return text;
    }
}
