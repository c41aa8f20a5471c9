using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// The file that ssh-keygen writes (OpenSSH's PROTOCOL.key): public key in clear, private part maybe under a passphrase.
/// <code>
/// "openssh-key-v1\0" · cipher · kdf · kdf options (salt, rounds) · number of keys (1) · public key · private part
/// </code>
/// each field but the number a string with a 4-byte length.
/// </summary>
internal sealed class OpenSshKey
{
    private const string Label = "OPENSSH PRIVATE KEY";
    private const int MaxRounds = 1024;

    private readonly string _cipher;
    private readonly string _kdf;
    private readonly byte[] _kdfOptions;
    private readonly byte[] _private;

    private OpenSshKey(string cipher, string kdf, byte[] kdfOptions, byte[] publicKey, byte[] privatePart)
    {
        _cipher = cipher;
        _kdf = kdf;
        _kdfOptions = kdfOptions;
        PublicKey = publicKey;
        _private = privatePart;
    }

    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    /// <summary>SSH's encoding of the public key.</summary>
    public byte[] PublicKey { get; }

    public bool IsEncrypted => _cipher != "none";

    /// <returns>Null when the text is no such file.</returns>
    public static OpenSshKey? TryRead(string text)
    {
        if (!PemEncoding.TryFind(text, out var fields) || text[fields.Label] != Label) return null;
        var bytes = Convert.FromBase64String(text[fields.Base64Data]);
        if (!bytes.AsSpan().StartsWith(Magic)) return null;
        var at = Magic.Length;
        if (!TryTake(bytes, ref at, out var cipher) || !TryTake(bytes, ref at, out var kdf) || !TryTake(bytes, ref at, out var options)) return null;
        at += sizeof(uint);
        return at <= bytes.Length && TryTake(bytes, ref at, out var publicKey) && TryTake(bytes, ref at, out var privatePart)
            ? new OpenSshKey(Encoding.ASCII.GetString(cipher), Encoding.ASCII.GetString(kdf), options, publicKey, privatePart)
            : null;
    }

    /// <summary>The same key as PEM text without a passphrase.</summary>
    /// <returns>Null when the passphrase is wrong, or the cipher is one that ssh-keygen does not choose by itself.</returns>
    public string? Decrypt(ReadOnlySpan<byte> passphrase)
    {
        var at = 0;
        if (_kdf != "bcrypt" || _cipher is not ("aes256-ctr" or "aes128-ctr" or "aes192-ctr")) return null;
        if (!TryTake(_kdfOptions, ref at, out var salt) || _kdfOptions.Length - at != sizeof(uint)) return null;
        var rounds = BinaryPrimitives.ReadUInt32BigEndian(_kdfOptions.AsSpan(at));
        if (rounds is 0 or > MaxRounds || salt.Length == 0) return null;
        const int IvSize = 16;
        var keySize = int.Parse(_cipher.AsSpan(3, 3), System.Globalization.CultureInfo.InvariantCulture) / 8;
        var derived = BcryptKdf.Derive(passphrase, salt, (int)rounds, keySize + IvSize);
        var clear = new byte[_private.Length];
        try
        {
            var cipher = new SicBlockCipher(new AesEngine());
            cipher.Init(forEncryption: false, new ParametersWithIV(new KeyParameter(derived, 0, keySize), derived, keySize, IvSize));
            for (var i = 0; i + IvSize <= clear.Length; i += IvSize) cipher.ProcessBlock(_private, i, clear, i);
            // The part begins with a random number, twice: that is how a wrong passphrase shows.
            return clear.Length > 8 && clear.AsSpan(0, 4).SequenceEqual(clear.AsSpan(4, 4)) ? Pem(clear) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private string? Pem(byte[] privatePart)
    {
        const int RandomSize = 8;
        const int BlockWithoutCipher = 8;
        var at = RandomSize;
        if (!TryTake(privatePart, ref at, out var type)) return null;
        // Numbers of the key, then a comment, then padding 1, 2, 3… to the cipher's block, which is shorter without a cipher.
        for (var fields = type.AsSpan().SequenceEqual("ssh-rsa"u8) ? 7 : 3; fields > 0; fields--)
        {
            if (!TryTake(privatePart, ref at, out var field)) return null;
            CryptographicOperations.ZeroMemory(field);
        }
        var length = (at + BlockWithoutCipher - 1) / BlockWithoutCipher * BlockWithoutCipher;
        byte[] bytes = [.. Magic, .. Field("none"u8), .. Field("none"u8), .. Field([]), 0, 0, 0, 1, .. Field(PublicKey), .. Field(privatePart.AsSpan(0, length))];
        try
        {
            return PemEncoding.WriteString(Label, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] Field(ReadOnlySpan<byte> content)
    {
        var field = new byte[sizeof(uint) + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, content.Length);
        content.CopyTo(field.AsSpan(sizeof(uint)));
        return field;
    }

    private static bool TryTake(byte[] bytes, ref int at, out byte[] field)
    {
        field = [];
        if (bytes.Length - at < sizeof(uint)) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
        at += sizeof(uint);
        if (length > bytes.Length - at) return false;
        field = bytes[at..(at + (int)length)];
        at += (int)length;
        return true;
    }
}
