using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing.Rsa;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// One sealed value, byte by byte (the format of Sealed Secrets; <c>docs/format.md</c> tells the same at length).
/// <code>
///  0      2                2+L                2+L+n            2+L+n+16
///  ┌──────┬────────────────┬──────────────────┬────────────────┐
///  │  L   │ RSA-OAEP block │ AES-256-GCM text │ GCM tag        │
///  │ u16  │ L bytes        │ n bytes          │ 16 bytes       │
///  │  BE  │ session key    │ as long as the   │                │
///  │      │ inside         │ plaintext        │                │
///  └──────┴────────────────┴──────────────────┴────────────────┘
/// </code>
/// <para>Why the zero nonce is safe: GCM breaks when one key meets one nonce twice. Here a key is 32 fresh random bytes for every
/// item, used for exactly one encryption and then zeroed, so the pair cannot repeat; the nonce carries no information. Whoever
/// reuses a session key for a second item breaks both. Nothing in this project lets a caller bring a session key.</para>
/// <para>What is authenticated: the text, by the GCM tag; the scope, by the OAEP label; L, because another L moves the block's end.
/// What is not: the item's name and who sealed it. Anyone may seal.</para>
/// <para>Room for a second format: L is the size of an RSA modulus in bytes, 128 to 2048, so the first byte of this format is
/// 0x00 to 0x08. A later format begins with a byte above that and <see cref="TryParse"/> tells them apart there.</para>
/// </summary>
public readonly ref struct SealedItem
{
    public const int LengthPrefixSize = 2;
    public const int SessionKeySize = 32;
    public const int TagSize = 16;
    public const int NonceSize = 12;

    /// <summary>RSA modulus sizes we read, in bytes: 1024 to 16384 bits.</summary>
    public const int MinRsaBlock = 128;
    public const int MaxRsaBlock = 2048;

    /// <summary>Largest value that is sealed, in bytes: Kubernetes refuses a Secret with more data than this (core/v1 MaxSecretSize).</summary>
    public const int MaxSealedPlaintext = 1024 * 1024;

    /// <summary>Largest item that is read, in bytes. Wider than what is sealed, so that files of other tools can still be recovered.</summary>
    public const int MaxItemSize = 16 * 1024 * 1024;

    private SealedItem(ReadOnlySpan<byte> sealedSessionKey, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag)
    {
        SealedSessionKey = sealedSessionKey;
        Ciphertext = ciphertext;
        Tag = tag;
    }

    /// <summary>The RSA-OAEP block, as long as the modulus of the key it was sealed to.</summary>
    public ReadOnlySpan<byte> SealedSessionKey { get; }

    /// <summary>As many bytes as the plaintext.</summary>
    public ReadOnlySpan<byte> Ciphertext { get; }

    public ReadOnlySpan<byte> Tag { get; }

    /// <summary>Size in bits of the RSA key the item was sealed to.</summary>
    public int KeyBits => SealedSessionKey.Length * 8;

    /// <summary>Reads the base64 form. The failure names the reason as the original does where it has one.</summary>
    /// <param name="text">Base64; CR and LF inside are skipped, as Go skips them.</param>
    /// <param name="bytes">The decoded item on success; sealed, so nothing secret.</param>
    /// <param name="failure">Set when the answer is <c>false</c>.</param>
    public static bool TryDecode(string text, out byte[] bytes, [NotNullWhen(false)] out ItemFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = [];
        failure = null;
        // Twice the base64 of the largest item leaves room for line breaks and still bounds the work.
        if (text.Length > MaxItemSize / 3 * 4 * 2)
            failure = ItemFailure.Malformed($"sealed value is longer than {MaxItemSize} bytes");
        else if (!Base64Text.TryDecode(text, out bytes, out var at))
            failure = new ItemFailure(UnsealFailureKind.Malformed, $"illegal base64 data at input byte {at}", "the sealed value is not base64");
        return failure is null;
    }

    /// <summary>Splits an item into its parts without copying. Every length is checked before it is used; nothing here allocates by what the input claims.</summary>
    public static bool TryParse(ReadOnlySpan<byte> item, out SealedItem parsed, [NotNullWhen(false)] out ItemFailure? failure)
    {
        parsed = default;
        failure = null;
        if (item.Length > MaxItemSize) failure = ItemFailure.Malformed($"sealed value is longer than {MaxItemSize} bytes");
        else if (item.Length < LengthPrefixSize) failure = ItemFailure.Malformed($"sealed value is too short: {item.Length} bytes");
        if (failure is not null) return false;

        int block = BinaryPrimitives.ReadUInt16BigEndian(item);
        var rest = item[LengthPrefixSize..];
        if (rest.Length < block + TagSize)
        {
            failure = ItemFailure.Malformed($"sealed value is too short: {item.Length} bytes, but its key block and tag need {LengthPrefixSize + block + TagSize}");
            return false;
        }
        if (block is < MinRsaBlock or > MaxRsaBlock)
        {
            failure = ItemFailure.UnsupportedKey($"sealed to a key of {block * 8} bits; RSA keys of {MinRsaBlock * 8} to {MaxRsaBlock * 8} bits are supported");
            return false;
        }
        parsed = new SealedItem(rest[..block], rest[block..^TagSize], rest[^TagSize..]);
        return true;
    }

    /// <summary>The bytes that <see cref="TryParse"/> read: parsing and writing are inverse.</summary>
    public byte[] ToArray()
    {
        var item = new byte[LengthPrefixSize + SealedSessionKey.Length + Ciphertext.Length + TagSize];
        BinaryPrimitives.WriteUInt16BigEndian(item, (ushort)SealedSessionKey.Length);
        SealedSessionKey.CopyTo(item.AsSpan(LengthPrefixSize));
        Ciphertext.CopyTo(item.AsSpan(LengthPrefixSize + SealedSessionKey.Length));
        Tag.CopyTo(item.AsSpan(item.Length - TagSize));
        return item;
    }

    /// <summary>Encrypts under a new session key, which is then wrapped for the holder of <paramref name="key"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The plaintext is larger than anything <see cref="TryParse"/> reads.</exception>
    internal static byte[] Write(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> label, RsaPublicKey key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, MaxItemSize - LengthPrefixSize - MaxRsaBlock - TagSize, nameof(plaintext));
        var block = key.ModulusSize;
        var item = new byte[LengthPrefixSize + block + plaintext.Length + TagSize];
        BinaryPrimitives.WriteUInt16BigEndian(item, (ushort)block);
        Span<byte> sessionKey = stackalloc byte[SessionKeySize];
        try
        {
            FreshBytes.Fill(sessionKey);
            key.Encrypt(sessionKey, label, item.AsSpan(LengthPrefixSize, block));
            // Managed, as all of sealing is; BouncyCastle writes text and tag one after the other, which is the layout. One use, so one object.
            var gcm = new GcmBlockCipher(AesUtilities.CreateEngine());
            gcm.Init(forEncryption: true, new AeadParameters(new KeyParameter(sessionKey), TagSize * 8, new byte[NonceSize]));
            var target = item.AsSpan(LengthPrefixSize + block);
            var written = gcm.ProcessBytes(plaintext, target);
            gcm.DoFinal(target[written..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sessionKey);
        }
        return item;
    }

    /// <summary>
    /// Decrypts with an unwrapped session key. <c>null</c> when the tag does not fit, or the key is none of AES's sizes (the original
    /// takes 16, 24 and 32 bytes; everything known writes 32). The caller zeroes the returned plaintext.
    /// </summary>
    internal byte[]? Decrypt(ReadOnlySpan<byte> sessionKey)
    {
        if (sessionKey.Length is not (16 or 24 or 32)) return null;
        var plaintext = new byte[Ciphertext.Length];
        using var aes = new AesGcm(sessionKey, TagSize);
        try
        {
            aes.Decrypt(stackalloc byte[NonceSize], Ciphertext, Tag, plaintext);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return null;
        }
    }
}
