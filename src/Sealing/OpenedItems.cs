using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing;

/// <summary>What came of the items of one object. Plaintext that nobody took is zeroed on disposal.</summary>
internal sealed class OpenedItems : IDisposable
{
    private readonly SortedDictionary<string, byte[]> plaintexts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ItemFailure> failures = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = [];

    public IReadOnlyDictionary<string, byte[]> Plaintexts => plaintexts;

    /// <summary>Item name → fingerprint of the key that opened it.</summary>
    public IReadOnlyDictionary<string, string> Keys => keys;

    public IReadOnlyDictionary<string, ItemFailure> Failures => failures;

    public void Add(string name, ItemOpening opening)
    {
        if (opening.Failure is not null)
        {
            failures[name] = opening.Failure;
            return;
        }
        plaintexts[name] = opening.Plaintext!;
        keys[name] = opening.Key!.Fingerprint;
    }

    /// <summary>Hands a plaintext over; zeroing it is then the taker's duty.</summary>
    public byte[] Take(string name)
    {
        taken.Add(name);
        return plaintexts[name];
    }

    public void Dispose()
    {
        foreach (var (name, plaintext) in plaintexts)
        {
            if (!taken.Contains(name)) CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
