using System.Numerics;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary><c>ssh-ed25519 AAAA…</c>: the signing key's point, moved to the Montgomery form of the curve.</summary>
public sealed class SshEd25519Recipient : IAgeRecipient
{
    internal const string StanzaType = "ssh-ed25519";

    /// <summary>2^255 − 19.</summary>
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    private readonly byte[] _wire;
    private readonly byte[] _montgomery;

    private SshEd25519Recipient(byte[] wire, byte[] montgomery)
    {
        _wire = wire;
        _montgomery = montgomery;
    }

    internal static ReadOnlySpan<byte> Info => "age-encryption.org/v1/ssh-ed25519"u8;

    public bool IsPostQuantum => false;

    /// <param name="wire">The decoded second word of the public key line.</param>
    /// <returns>Null when it is not an Ed25519 key.</returns>
    internal static SshEd25519Recipient? FromWire(byte[] wire) =>
        SshWire.Decode(wire) is [var type, { Length: 32 } point] && type.AsSpan().SequenceEqual("ssh-ed25519"u8)
            && ToMontgomery(point) is { } montgomery
            ? new SshEd25519Recipient(wire, montgomery)
            : null;

    public AgeStanza Wrap(AgeFileKey fileKey)
    {
        var ephemeral = RandomNumberGenerator.GetBytes(X25519Share.Size);
        var share = X25519Share.PublicOf(ephemeral);
        byte[] shared = [], wrapKey = [];
        try
        {
            if (!X25519Share.TryAgree(ephemeral, _montgomery, out shared)
                || !X25519Share.TryAgree(Tweak(_wire), shared, out shared))
            {
                throw new AgeException(AgeFailure.Recipient, "age: the ssh recipient is a point of low order");
            }
            wrapKey = X25519Share.DeriveWrapKey(shared, share, _montgomery, Info);
            return new AgeStanza(StanzaType, [SshWire.Tag(_wire), AgeBase64.EncodeUnpadded(share)], AgeWrap.Wrap(fileKey, wrapKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    public override string ToString() => $"{StanzaType} {Convert.ToBase64String(_wire)}";

    /// <summary>Ties the shared secret to the ssh key, so that it differs from what X25519 on the same point would give.</summary>
    internal static byte[] Tweak(byte[] wire) => HKDF.DeriveKey(HashAlgorithmName.SHA256, [], 32, wire, Info.ToArray());

    /// <summary>u = (1 + y) / (1 − y), the birational map of RFC 7748 §4.1. The point is public: no constant time needed.</summary>
    private static byte[]? ToMontgomery(byte[] point)
    {
        byte[] withoutSign = [.. point[..31], (byte)(point[31] & 0x7F)];
        var y = new BigInteger(withoutSign, isUnsigned: true);
        if (y >= Prime || y.IsOne) return null;
        var inverse = BigInteger.ModPow((1 - y + Prime) % Prime, Prime - 2, Prime);
        var u = (1 + y) * inverse % Prime;
        var result = new byte[X25519Share.Size];
        return u.TryWriteBytes(result, out _, isUnsigned: true) ? result : null;
    }
}
