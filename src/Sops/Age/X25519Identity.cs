using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary><c>AGE-SECRET-KEY-1…</c>: a Curve25519 scalar.</summary>
public sealed class X25519Identity : IAgeIdentity, IDisposable
{
    internal const string Prefix = "age-secret-key-";

    private readonly byte[] _secret;
    private readonly byte[] _point;

    internal X25519Identity(byte[] secret)
    {
        _secret = secret;
        _point = X25519Share.PublicOf(secret);
    }

    public X25519Recipient Recipient => new(_point);

    public static X25519Identity Generate() => new(RandomNumberGenerator.GetBytes(X25519Share.Size));

    /// <returns>Null when the text is not such an identity.</returns>
    public static X25519Identity? Parse(string text) =>
        Bech32.TryDecode(text, Prefix, out var secret) && secret.Length == X25519Share.Size ? new X25519Identity(secret) : null;

    /// <summary>The secret in its text form, for the one place that writes identity files.</summary>
    public string Export() => Bech32.Encode(Prefix, _secret).ToUpperInvariant();

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == X25519Recipient.StanzaType && Unwrap(stanza) is { } fileKey) return fileKey;
        }
        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    public override string ToString() => nameof(X25519Identity);

    private AgeFileKey? Unwrap(AgeStanza stanza)
    {
        if (stanza.Arguments.Count != 1
            || !AgeBase64.TryDecodeUnpadded(stanza.Arguments[0], out var ephemeral)
            || ephemeral.Length != X25519Share.Size)
        {
            throw AgeHeader.Malformed("an X25519 stanza does not have one share of 32 bytes");
        }
        AgeWrap.RequireSize(stanza.Body);
        byte[] shared = [], wrapKey = [];
        try
        {
            if (!X25519Share.TryAgree(_secret, ephemeral, out shared)) throw AgeHeader.Malformed("an X25519 share is a point of low order");
            wrapKey = X25519Share.DeriveWrapKey(shared, ephemeral, _point, X25519Recipient.Info);
            return AgeWrap.Unwrap(stanza.Body, wrapKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }
}
