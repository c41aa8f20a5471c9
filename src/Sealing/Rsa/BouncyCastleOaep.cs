using System.Reflection;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>
/// OAEP with a label where there is no OpenSSL 3: Windows, macOS. About an eighth of its speed, and loading a key costs a primality
/// test (160 ms); good enough for recovery on a desk. Always the blinded engine.
/// </summary>
internal sealed class BouncyCastleOaep : IOaepDecryptor
{
    // Null after Dispose. BouncyCastle offers no way to zero its big integers; the collector takes them.
    private RsaPrivateCrtKeyParameters? key;

    private BouncyCastleOaep(RsaPrivateCrtKeyParameters key) => this.key = key;

    public static string Version()
    {
        var version = typeof(OaepEncoding).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return version?.Split('+')[0] ?? "unknown";
    }

    /// <param name="pkcs1">DER of an RSAPrivateKey (RFC 8017 §A.1.2). The caller zeroes it.</param>
    /// <exception cref="CryptographicException">The numbers are not those of an RSA key.</exception>
    public static BouncyCastleOaep Load(ReadOnlySpan<byte> pkcs1)
    {
        var copy = pkcs1.ToArray();
        try
        {
            return new BouncyCastleOaep(new RsaPrivateCrtKeyParameters(RsaPrivateKeyStructure.GetInstance(copy)));
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or ArithmeticException)
        {
            throw new CryptographicException("not an RSA private key");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    public bool TryDecrypt(ReadOnlySpan<byte> block, ReadOnlySpan<byte> label, Span<byte> message, out int written)
    {
        ObjectDisposedException.ThrowIf(key is null, this);
        written = 0;
        byte[]? plain = null;
        try
        {
            var oaep = new OaepEncoding(new RsaBlindedEngine(), new Sha256Digest(), new Sha256Digest(), label.ToArray());
            oaep.Init(forEncryption: false, key);
            plain = oaep.ProcessBlock(block.ToArray(), 0, block.Length);
            plain.CopyTo(message);
            written = plain.Length;
            return true;
        }
        catch (Exception e) when (e is CryptoException or ArithmeticException)
        {
            CryptographicOperations.ZeroMemory(message);
            return false;
        }
        finally
        {
            if (plain is not null) CryptographicOperations.ZeroMemory(plain);
        }
    }

    public void Dispose() => key = null;
}
