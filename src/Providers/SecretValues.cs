using System.Security.Cryptography;

namespace GitOpsSecrets.Providers;

/// <summary>Keys and plaintext values, in the keys' ordinal order. Owns the values: zeroes each when it is replaced, removed or disposed.</summary>
public sealed class SecretValues : IDisposable
{
    private readonly SortedDictionary<string, byte[]> values = new(StringComparer.Ordinal);

    /// <summary>What is collected piece by piece; where that fails half-way, what there is by then is zeroed.</summary>
    internal static async Task<SecretValues> CollectAsync(Func<SecretValues, Task> collect)
    {
        var values = new SecretValues();
        try
        {
            await collect(values).ConfigureAwait(false);
            return values;
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    /// <summary>The same of items that are read one by one, several at a time.</summary>
    /// <param name="read">Key and value of one; null for one that is gone meanwhile, or not wanted after all.</param>
    internal static Task<SecretValues> CollectAsync<T>(IEnumerable<T> items, int atOnce, Func<T, CancellationToken, Task<(string Key, byte[] Value)?>> read, CancellationToken cancellationToken) =>
        CollectAsync(values => Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (item, stop) =>
        {
            if (await read(item, stop).ConfigureAwait(false) is not var (key, value)) return;
            lock (values) values.Set(key, value);
        }));

    public int Count => values.Count;

    public IEnumerable<string> Keys => values.Keys;

    /// <summary>The pairs as they are held: to be read, not kept.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Entries => values;

    public bool Contains(string key) => values.ContainsKey(key);

    /// <summary>The value as it is held: to be read, not kept.</summary>
    public byte[]? Find(string key) => values.GetValueOrDefault(key);

    /// <summary>Takes the value over; one that was there under this key is zeroed.</summary>
    public void Set(string key, byte[] value)
    {
        if (values.TryGetValue(key, out var old) && !ReferenceEquals(old, value)) CryptographicOperations.ZeroMemory(old);
        values[key] = value;
    }

    public void Remove(string key)
    {
        if (values.Remove(key, out var old)) CryptographicOperations.ZeroMemory(old);
    }

    /// <summary>Moves all of another's values here, over equal keys; the other is empty afterwards.</summary>
    public void TakeAll(SecretValues other)
    {
        foreach (var (key, value) in other.values) Set(key, value);
        other.values.Clear();
    }

    public override string ToString() => $"{Count} values";

    public void Dispose()
    {
        foreach (var value in values.Values) CryptographicOperations.ZeroMemory(value);
        values.Clear();
    }
}
