namespace GitOpsSecrets.Sops.Age;

/// <summary><c>age1pq1…</c>: a hybrid ML-KEM-768 and X25519 public key, about 1,960 characters.</summary>
public sealed class HybridRecipient : IAgeRecipient
{
    internal const string StanzaType = "mlkem768x25519";
    internal const string Prefix = "age1pq";

    private readonly byte[] _publicKey;

    internal HybridRecipient(byte[] publicKey) => _publicKey = publicKey;

    internal static ReadOnlySpan<byte> Info => "age-encryption.org/mlkem768x25519"u8;

    public bool IsPostQuantum => true;

    /// <returns>Null when the text is not such a recipient.</returns>
    public static HybridRecipient? Parse(string text) =>
        Bech32.TryDecode(text, Prefix, out var key) && key.Length == HybridKem.PublicSize ? new HybridRecipient(key) : null;

    public AgeStanza Wrap(AgeFileKey fileKey)
    {
        if (HybridHpke.Seal(_publicKey, Info, fileKey.Bytes) is not var (encapsulation, body)) throw new AgeException(AgeFailure.Recipient, "age: the hybrid recipient is not a valid public key");
        return new AgeStanza(StanzaType, [AgeBase64.EncodeUnpadded(encapsulation)], body);
    }

    public override string ToString() => Bech32.Encode(Prefix, _publicKey);
}
