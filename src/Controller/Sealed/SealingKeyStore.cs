using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// The sealing keys of this moment, by the Secret that holds them. Two Secrets may hold the same key; it stays until both
/// are gone. Readers take <see cref="Ring"/> once and work on that snapshot.
/// </summary>
internal sealed class SealingKeyStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SealingKey> bySecret = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Why, bool Stays)> rejected = new(StringComparer.Ordinal);
    private volatile KeyRing ring = KeyRing.Empty;

    /// <summary>Raised after a key came, went or was replaced: what did not open before may open now.</summary>
    public event Action? Changed;

    public KeyRing Ring => ring;

    /// <summary>Key Secrets that cannot be used: name → why.</summary>
    public IReadOnlyDictionary<string, string> Rejected
    {
        get { lock (gate) return rejected.ToDictionary(entry => entry.Key, entry => entry.Value.Why, StringComparer.Ordinal); }
    }

    /// <summary>Whether there are keys, and none that may be read now.</summary>
    public bool IsAwaited
    {
        get { lock (gate) return ring.Current is null && rejected.Values.Any(entry => entry.Stays); }
    }

    /// <summary>The Secret that holds a key, for events about it.</summary>
    public string? SecretOf(string fingerprint)
    {
        lock (gate) return bySecret.Where(entry => entry.Value.Fingerprint == fingerprint).Select(entry => entry.Key).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Takes the key of a Secret, in place of the one that this Secret held before.</summary>
    /// <returns><c>false</c> when the Secret already stood for this very key.</returns>
    public bool Put(string secretName, SealingKey key)
    {
        lock (gate)
        {
            rejected.Remove(secretName);
            var before = bySecret.GetValueOrDefault(secretName);
            // The same key, read again: keep the one that readers may hold, unless its place in time has moved.
            if (before?.Fingerprint == key.Fingerprint && before.OrderingTime == key.OrderingTime && before.Certificate?.Pem == key.Certificate?.Pem)
            {
                key.Dispose();
                return false;
            }
            bySecret[secretName] = key;
            if (before is not null && before.Fingerprint != key.Fingerprint) Drop(before.Fingerprint);
            ring = ring.With(key);
        }
        Changed?.Invoke();
        return true;
    }

    /// <summary>Notes a Secret that cannot be used; a key that it held before is gone, or stays because nobody can say.</summary>
    /// <returns><c>false</c> when this was known.</returns>
    public bool Reject(string secretName, string why, bool stays = false)
    {
        lock (gate)
        {
            if (rejected.GetValueOrDefault(secretName) == (why, stays)) return false;
            rejected[secretName] = (why, stays);
        }
        if (!stays) Forget(secretName);
        return true;
    }

    /// <returns><c>false</c> when the Secret stood for nothing.</returns>
    public bool Remove(string secretName)
    {
        bool known;
        lock (gate) known = rejected.Remove(secretName);
        return Forget(secretName) || known;
    }

    private bool Forget(string secretName)
    {
        lock (gate)
        {
            if (!bySecret.Remove(secretName, out var key)) return false;
            Drop(key.Fingerprint);
        }
        Changed?.Invoke();
        return true;
    }

    /// <summary>Keys are not disposed here: somebody may be opening with the old snapshot. The last reference releases them.</summary>
    private void Drop(string fingerprint)
    {
        var other = bySecret.Values.FirstOrDefault(key => key.Fingerprint == fingerprint);
        ring = other is null ? ring.Without(fingerprint) : ring.With(other);
    }
}
