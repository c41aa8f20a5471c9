namespace GitOpsSecrets.Sealing;

/// <summary>What came of one item: plaintext and the key that opened it, or a failure. A struct without ToString of its own, never printed.</summary>
internal readonly struct ItemOpening
{
    public ItemOpening(byte[] plaintext, SealingKey key)
    {
        Plaintext = plaintext;
        Key = key;
    }

    public ItemOpening(ItemFailure failure) => Failure = failure;

    public byte[]? Plaintext { get; }

    public SealingKey? Key { get; }

    public ItemFailure? Failure { get; }
}
