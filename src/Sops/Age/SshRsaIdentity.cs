using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sops.Age;

/// <summary>An RSA private key in OpenSSH or PKCS#1 form.</summary>
public sealed class SshRsaIdentity : IAgeIdentity
{
    private readonly RsaPrivateCrtKeyParameters _key;
    private readonly byte[] _wire;

    internal SshRsaIdentity(RsaPrivateCrtKeyParameters key)
    {
        _key = key;
        _wire = SshWire.Encode(SshWire.Name(SshRsaRecipient.StanzaType), key.PublicExponent.ToByteArray(), key.Modulus.ToByteArray());
    }

    public IAgeRecipient Recipient => SshRsaRecipient.FromWire(_wire)!;

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        var tag = SshWire.Tag(_wire);
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == SshRsaRecipient.StanzaType && SshWire.IsFor(stanza, tag, arguments: 1) && Unwrap(stanza) is { } fileKey) return fileKey;
        }
        return null;
    }

    public override string ToString() => nameof(SshRsaIdentity);

    private AgeFileKey? Unwrap(AgeStanza stanza)
    {
        byte[] plain = [];
        try
        {
            var cipher = SshRsaRecipient.CreateCipher();
            cipher.Init(false, _key);
            plain = cipher.ProcessBlock(stanza.Body, 0, stanza.Body.Length);
            return plain.Length == AgeFileKey.Size ? new AgeFileKey(plain) : throw AgeHeader.Malformed("a wrapped file key does not have 16 bytes");
        }
        catch (Exception failure) when (failure is CryptoException or ArgumentException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
