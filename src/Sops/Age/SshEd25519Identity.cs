using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sops.Age;

/// <summary>An OpenSSH Ed25519 private key.</summary>
public sealed class SshEd25519Identity : IAgeIdentity, IDisposable
{
    private readonly byte[] _secret;
    private readonly byte[] _point;
    private readonly byte[] _wire;

    internal SshEd25519Identity(Ed25519PrivateKeyParameters key)
    {
        var seed = key.GetEncoded();
        var hash = SHA512.HashData(seed);
        _secret = hash[..X25519Share.Size];
        _point = X25519Share.PublicOf(_secret);
        _wire = SshWire.Encode(SshWire.Name(SshEd25519Recipient.StanzaType), key.GeneratePublicKey().GetEncoded());
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(hash);
    }

    public IAgeRecipient Recipient => SshEd25519Recipient.FromWire(_wire)!;

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        var tag = SshWire.Tag(_wire);
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == SshEd25519Recipient.StanzaType && SshWire.IsFor(stanza, tag, arguments: 2) && Unwrap(stanza) is { } fileKey) return fileKey;
        }
        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    public override string ToString() => nameof(SshEd25519Identity);

    private AgeFileKey? Unwrap(AgeStanza stanza)
    {
        if (!AgeBase64.TryDecodeUnpadded(stanza.Arguments[1], out var ephemeral) || ephemeral.Length != X25519Share.Size)
        {
            throw AgeHeader.Malformed("an ssh-ed25519 stanza does not have a share of 32 bytes");
        }
        AgeWrap.RequireSize(stanza.Body);
        byte[] shared = [], wrapKey = [];
        try
        {
            if (!X25519Share.TryAgree(_secret, ephemeral, out shared)
                || !X25519Share.TryAgree(SshEd25519Recipient.Tweak(_wire), shared, out shared))
            {
                throw AgeHeader.Malformed("an ssh-ed25519 share is a point of low order");
            }
            wrapKey = X25519Share.DeriveWrapKey(shared, ephemeral, _point, SshEd25519Recipient.Info);
            return AgeWrap.Unwrap(stanza.Body, wrapKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }
}
