using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Generators.Mfa;

/// <summary>Time-based one-time codes: RFC 6238 over RFC 4226.</summary>
internal static class Totp
{
    /// <summary>The code at a time, with leading zeros; the caller's to zero.</summary>
    /// <param name="hash">SHA-1, SHA-256, SHA-384 or SHA-512.</param>
    /// <param name="period">Seconds; at least 1.</param>
    /// <param name="length">Digits; from 1 to 10.</param>
    public static byte[] Code(ReadOnlySpan<byte> secret, HashAlgorithmName hash, long unixSeconds, int period, int length)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, unixSeconds / period);

        Span<byte> digest = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var size = CryptographicOperations.HmacData(hash, secret, counter, digest);
        var offset = digest[size - 1] & 0x0F;
        var number = BinaryPrimitives.ReadUInt32BigEndian(digest[offset..]) & 0x7FFF_FFFF;
        CryptographicOperations.ZeroMemory(digest);

        var code = new byte[length];
        for (var position = length - 1; position >= 0; position--)
        {
            code[position] = (byte)('0' + (number % 10));
            number /= 10;
        }

        return code;
    }

    /// <summary>For how many more seconds the code of a time is the right one: from 1 to the period.</summary>
    public static byte[] TimeLeft(long unixSeconds, int period) => Encoding.ASCII.GetBytes((period - (unixSeconds % period)).ToString(CultureInfo.InvariantCulture));
}
