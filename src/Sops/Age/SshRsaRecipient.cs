using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.Sops.Age;

/// <summary><c>ssh-rsa AAAA…</c>, 2048 to 16384 bits: RSA-OAEP with SHA-256 and a label.</summary>
public sealed class SshRsaRecipient : IAgeRecipient
{
    internal const string StanzaType = "ssh-rsa";
    internal const int MinBits = 2048;
    private const int MaxBits = 16384;

    private readonly byte[] _wire;
    private readonly RsaKeyParameters _key;

    private SshRsaRecipient(byte[] wire, RsaKeyParameters key)
    {
        _wire = wire;
        _key = key;
    }

    public bool IsPostQuantum => false;

    /// <param name="wire">The decoded second word of the public key line.</param>
    /// <returns>Null when it is not an RSA key of an accepted size.</returns>
    internal static SshRsaRecipient? FromWire(byte[] wire)
    {
        if (SshWire.Decode(wire) is not [var type, var exponent, var modulus] || !type.AsSpan().SequenceEqual("ssh-rsa"u8)) return null;
        var n = new BigInteger(1, modulus);
        if (n.BitLength is < MinBits or > MaxBits) return null;
        try
        {
            return new SshRsaRecipient(wire, new RsaKeyParameters(false, n, new BigInteger(1, exponent)));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public AgeStanza Wrap(AgeFileKey fileKey)
    {
        var plain = fileKey.Bytes.ToArray();
        try
        {
            var cipher = CreateCipher();
            cipher.Init(true, new ParametersWithRandom(_key, new SecureRandom()));
            return new AgeStanza(StanzaType, [SshWire.Tag(_wire)], cipher.ProcessBlock(plain, 0, plain.Length));
        }
        finally
        {
            Array.Clear(plain);
        }
    }

    public override string ToString() => $"{StanzaType} {Convert.ToBase64String(_wire)}";

    internal static IAsymmetricBlockCipher CreateCipher() =>
        new OaepEncoding(new RsaBlindedEngine(), new Sha256Digest(), new Sha256Digest(), Encoding.ASCII.GetBytes("age-encryption.org/v1/ssh-rsa"));
}
