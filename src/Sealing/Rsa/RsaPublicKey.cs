using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>
/// The public half of an RSA key and the one operation sealing needs. Managed code on purpose: .NET's RSA knows no OAEP label,
/// OpenSSL is not everywhere a CLI runs, and BouncyCastle tests the modulus for primality whenever a key object is made (160 ms).
/// </summary>
internal sealed class RsaPublicKey
{
    private readonly byte[] modulus;
    private readonly byte[] exponent;

    /// <param name="modulus">Unsigned, big-endian, no leading zero.</param>
    /// <param name="exponent">Unsigned, big-endian, no leading zero.</param>
    private RsaPublicKey(byte[] modulus, byte[] exponent)
    {
        this.modulus = modulus;
        this.exponent = exponent;
        Fingerprint = SshFingerprint();
    }

    /// <summary><c>SHA256:</c> and base64 of the SHA-256 over the SSH wire form of the key, without padding: what <c>ssh-keygen -l</c> prints, and how the original's registry names keys.</summary>
    public string Fingerprint { get; }

    /// <summary>Size of the modulus in bytes, which is the size of an encrypted block.</summary>
    public int ModulusSize => modulus.Length;

    public int Bits => (modulus.Length * 8) - (BitOperations.LeadingZeroCount(modulus[0]) - 24);

    /// <summary><c>null</c> and a reason when the numbers are none that we use: size, even modulus, exponent of 1 or even or above 32 bits.</summary>
    public static RsaPublicKey? Create(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent, out SealingFailure? failure)
    {
        failure = null;
        var n = modulus.TrimStart((byte)0);
        var e = exponent.TrimStart((byte)0);
        if (n.Length is < SealedItem.MinRsaBlock or > SealedItem.MaxRsaBlock)
            failure = Unsupported($"RSA key of {n.Length * 8} bits; {SealedItem.MinRsaBlock * 8} to {SealedItem.MaxRsaBlock * 8} are supported");
        else if ((n[^1] & 1) == 0)
            failure = Unsupported("RSA key with an even modulus");
        else if (e.Length is 0 or > 4 || (e[^1] & 1) == 0 || e is [1])
            failure = Unsupported("RSA key with an unusable public exponent");
        return failure is null ? new RsaPublicKey(n.ToArray(), e.ToArray()) : null;
    }

    /// <summary>RSA-OAEP with SHA-256 and a label. ModPow is not constant time; its exponent is public and the base is used once, locally.</summary>
    /// <param name="message">At most <c>ModulusSize - 66</c> bytes.</param>
    /// <param name="label">OAEP label; may be empty.</param>
    /// <param name="destination">Exactly <see cref="ModulusSize"/> bytes.</param>
    public void Encrypt(ReadOnlySpan<byte> message, ReadOnlySpan<byte> label, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, ModulusSize, nameof(destination));
        var padded = new byte[ModulusSize];
        try
        {
            Oaep.Encode(message, label, padded);
            var n = new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
            var e = new BigInteger(exponent, isUnsigned: true, isBigEndian: true);
            var result = BigInteger.ModPow(new BigInteger(padded, isUnsigned: true, isBigEndian: true), e, n);
            var size = result.GetByteCount(isUnsigned: true);
            destination.Clear();
            if (!result.TryWriteBytes(destination[^size..], out _, isUnsigned: true, isBigEndian: true))
                throw new InvalidOperationException("RSA result larger than its modulus");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    private string SshFingerprint()
    {
        // SSH wire form (RFC 4253 §6.6): string "ssh-rsa", mpint e, mpint n; each with a 32-bit length.
        using var wire = new MemoryStream();
        WriteField(wire, Encoding.ASCII.GetBytes("ssh-rsa"));
        WriteField(wire, Mpint(exponent));
        WriteField(wire, Mpint(modulus));
        Span<byte> hash = stackalloc byte[Sha256.Size];
        Sha256.Hash(wire.GetBuffer().AsSpan(0, (int)wire.Length), hash);
        return "SHA256:" + Convert.ToBase64String(hash).TrimEnd('=');
    }

    /// <summary>An mpint is signed: a leading zero keeps a number with its top bit set positive.</summary>
    private static byte[] Mpint(byte[] unsigned) => unsigned[0] >= 0x80 ? [0, .. unsigned] : unsigned;

    private static void WriteField(MemoryStream wire, byte[] field)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        wire.Write(length);
        wire.Write(field);
    }

    private static SealingFailure Unsupported(string what) => new(SealingFailureKind.UnsupportedKey, "unsupported key: " + what);
}
