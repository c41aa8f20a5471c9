using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary><c>AGE-SECRET-KEY-PQ-1…</c>: the seed of a hybrid key.</summary>
public sealed class HybridIdentity : IAgeIdentity, IDisposable
{
    internal const string Prefix = "age-secret-key-pq-";

    private readonly byte[] _seed;

    internal HybridIdentity(byte[] seed) => _seed = seed;

    public HybridRecipient Recipient => new(HybridKem.PublicOf(_seed));

    public static HybridIdentity Generate() => new(RandomNumberGenerator.GetBytes(HybridKem.SeedSize));

    /// <returns>Null when the text is not such an identity.</returns>
    public static HybridIdentity? Parse(string text) =>
        Bech32.TryDecode(text, Prefix, out var seed) && seed.Length == HybridKem.SeedSize ? new HybridIdentity(seed) : null;

    /// <summary>The seed in its text form, for the one place that writes identity files.</summary>
    public string Export() => Bech32.Encode(Prefix, _seed).ToUpperInvariant();

    public AgeFileKey? Unwrap(IReadOnlyList<AgeStanza> stanzas, AgeLimits limits)
    {
        foreach (var stanza in stanzas)
        {
            if (stanza.Type == HybridRecipient.StanzaType && Unwrap(stanza) is { } fileKey) return fileKey;
        }
        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_seed);

    public override string ToString() => nameof(HybridIdentity);

    private AgeFileKey? Unwrap(AgeStanza stanza)
    {
        if (stanza.Arguments.Count != 1
            || !AgeBase64.TryDecodeUnpadded(stanza.Arguments[0], out var encapsulation)
            || encapsulation.Length != HybridKem.EncapsulationSize)
        {
            throw AgeHeader.Malformed("a hybrid stanza does not have one encapsulated key of 1120 bytes");
        }
        AgeWrap.RequireSize(stanza.Body);
        var secret = HybridKem.Decapsulate(_seed, encapsulation) ?? throw AgeHeader.Malformed("a hybrid stanza's share is a point of low order");
        Span<byte> plain = stackalloc byte[AgeFileKey.Size];
        try
        {
            return HybridHpke.TryOpen(secret, HybridRecipient.Info, stanza.Body, plain) ? new AgeFileKey(plain) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
