using System.Collections.Immutable;

namespace GitOpsSecrets.Sealing;

/// <summary>
/// The keys that open, newest first. Immutable: <see cref="With"/> and <see cref="Without"/> make a new ring that shares the keys, so a
/// reader works on one snapshot to its end. Disposing a ring disposes the keys in it: dispose the last snapshot only. A key that was
/// left out by <see cref="Without"/> is released when nothing refers to it any more.
/// <para>A sealed value does not say which key made it, and a wrong try costs a whole RSA operation. So the order of trying is all
/// there is: hints of the caller, the key that opened something last, the newest, the rest by age.</para>
/// </summary>
public sealed class KeyRing : IDisposable
{
    private readonly ImmutableArray<SealingKey> keys;

    // Only a hint for the order of trying; a lost update costs time, never correctness.
    private volatile SealingKey? lastOpener;

    private KeyRing(ImmutableArray<SealingKey> keys, SealingKey? lastOpener)
    {
        this.keys = keys;
        this.lastOpener = lastOpener;
        Current = keys.FirstOrDefault(key => key.Certificate is not null);
    }

    public static KeyRing Empty { get; } = new([], null);

    /// <summary>Newest first; of equal times the one that was added first.</summary>
    public IReadOnlyList<SealingKey> Keys => keys;

    /// <summary>The newest key that has a certificate: what is sealed now is sealed to it.</summary>
    public SealingKey? Current { get; }

    /// <summary>A ring of these keys, added in their order.</summary>
    public static KeyRing Of(IEnumerable<SealingKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.Aggregate(Empty, (ring, key) => ring.With(key));
    }

    /// <summary>The ring with one more key. A key whose fingerprint is there already takes its place, so the same key never counts twice.</summary>
    public KeyRing With(SealingKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var others = keys.RemoveAll(other => other.Fingerprint == key.Fingerprint);
        var at = 0;
        while (at < others.Length && others[at].OrderingTime >= key.OrderingTime) at++;
        return new KeyRing(others.Insert(at, key), lastOpener);
    }

    /// <summary>The ring without a key; the same ring when it is not there.</summary>
    public KeyRing Without(string fingerprint)
    {
        var others = keys.RemoveAll(key => key.Fingerprint == fingerprint);
        return others.Length == keys.Length ? this : new KeyRing(others, lastOpener?.Fingerprint == fingerprint ? null : lastOpener);
    }

    public SealingKey? Find(string fingerprint) => keys.FirstOrDefault(key => key.Fingerprint == fingerprint);

    public void Dispose()
    {
        foreach (var key in keys) key.Dispose();
    }

    /// <summary>Names the number of keys only.</summary>
    public override string ToString() => $"key ring of {keys.Length}";

    /// <summary>The order in which to try: hinted, last used, then by age. Hints that name no key of the ring are passed over.</summary>
    internal IReadOnlyList<SealingKey> OrderOfTrying(IEnumerable<string> hints)
    {
        if (keys.Length <= 1) return keys;
        var order = new List<SealingKey>(keys.Length);
        var seen = new HashSet<SealingKey>();
        foreach (var hint in hints) Add(Find(hint));
        Add(lastOpener is { } last && keys.Contains(last) ? last : null);
        foreach (var key in keys) Add(key);
        return order;

        void Add(SealingKey? key)
        {
            if (key is not null && seen.Add(key)) order.Add(key);
        }
    }

    internal void Remember(SealingKey opener) => lastOpener = opener;
}
