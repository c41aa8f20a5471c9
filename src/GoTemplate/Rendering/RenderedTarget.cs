using System.Security.Cryptography;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>What <see cref="TargetRenderer"/> makes of fetched values. Disposing it zeroes the data, so take what you need before.</summary>
public sealed class RenderedTarget : IDisposable
{
    /// <summary>Type of the Secret; null leaves it.</summary>
    public string? Type { get; internal init; }

    public SortedDictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Annotations { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Finalizers { get; internal init; } = [];

    /// <summary>Key → plaintext, copies of the fetched values included.</summary>
    public SortedDictionary<string, byte[]> Data { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var value in Data.Values)
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>Counts only, so that no value can reach a log.</summary>
    public override string ToString() => $"{Data.Count} items, {Labels.Count} labels, {Annotations.Count} annotations";

    internal void SetData(string key, byte[] value)
    {
        if (Data.TryGetValue(key, out var replaced))
        {
            CryptographicOperations.ZeroMemory(replaced);
        }

        Data[key] = value;
    }
}
