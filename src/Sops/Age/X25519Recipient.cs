using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary><c>age1…</c>: a Curve25519 point.</summary>
public sealed class X25519Recipient : IAgeRecipient
{
    internal const string StanzaType = "X25519";
    internal const string Prefix = "age";

    private readonly byte[] _point;

    internal X25519Recipient(byte[] point) => _point = point;

    internal static ReadOnlySpan<byte> Info => "age-encryption.org/v1/X25519"u8;

    public bool IsPostQuantum => false;

    /// <returns>Null when the text is not such a recipient.</returns>
    public static X25519Recipient? Parse(string text) =>
        Bech32.TryDecode(text, Prefix, out var point) && point.Length == X25519Share.Size ? new X25519Recipient(point) : null;

    public AgeStanza Wrap(AgeFileKey fileKey)
    {
        var ephemeral = RandomNumberGenerator.GetBytes(X25519Share.Size);
        byte[] shared = [], wrapKey = [];
        try
        {
            var share = X25519Share.PublicOf(ephemeral);
            if (!X25519Share.TryAgree(ephemeral, _point, out shared)) throw new AgeException(AgeFailure.Recipient, "age: the recipient is a point of low order");
            wrapKey = X25519Share.DeriveWrapKey(shared, share, _point, Info);
            return new AgeStanza(StanzaType, [AgeBase64.EncodeUnpadded(share)], AgeWrap.Wrap(fileKey, wrapKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    public override string ToString() => Bech32.Encode(Prefix, _point);
}
