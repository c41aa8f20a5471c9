using System.Globalization;
using System.Security.Cryptography;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Encoding;

/// <summary>Base64, Base32, hex and hashes. What cannot be decoded gives Go's error text as the value.</summary>
internal static class EncodingFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("b64enc", "string", call => GoString.Of(Convert.ToBase64String(call.Text(0).Span))),
        new("b64dec", "string", call => Decoded(GoBase64.Decode(call.Text(0).Span))),
        new("b32enc", "string", call => GoBase32.Encode(call.Text(0).Span)),
        new("b32dec", "string", call => Decoded(GoBase32.Decode(call.Text(0).Span))),
        new("sha1sum", "string", call => Hex(Sha1(call.Text(0)))),
        new("sha256sum", "string", call => Hex(SHA256.HashData(call.Text(0).Span))),
        new("sha512sum", "string", call => Hex(SHA512.HashData(call.Text(0).Span))),
        new("adler32sum", "string", call => GoString.Of(Adler32(call.Text(0).Span).ToString(CultureInfo.InvariantCulture))),
    ];

    /// <summary>External Secrets' own.</summary>
    public static GoFunction HexDecoding { get; } = new("hexdec", "string", call => Decoded(DecodeHex(call.Text(0))));

    private static GoString Decoded((byte[]? Bytes, string? Error) result) => result.Bytes is { } bytes ? new GoString(bytes) : GoString.Of(result.Error!);

    private static GoString Hex(byte[] bytes) => GoString.Of(Convert.ToHexStringLower(bytes));

#pragma warning disable CA5350 // The function is named after the algorithm; templates use it for checksums.
    private static byte[] Sha1(GoString text) => SHA1.HashData(text.Span);
#pragma warning restore CA5350

    private static (byte[]? Bytes, string? Error) DecodeHex(GoString text)
    {
        foreach (var value in text.Span)
        {
            if (!char.IsAsciiHexDigit((char)value))
            {
                return (null, $"encoding/hex: invalid byte: {GoQuote.Unicode(value)}");
            }
        }

        return text.Length % 2 == 0 ? (Convert.FromHexString(text.ToText()), null) : (null, "encoding/hex: odd length hex string");
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint modulus = 65521;
        uint a = 1;
        uint b = 0;
        foreach (var value in bytes)
        {
            a = (a + value) % modulus;
            b = (b + a) % modulus;
        }

        return (b << 16) | a;
    }
}
