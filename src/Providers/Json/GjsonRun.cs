using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// One evaluation of a path: keeps what was made on the way until the end, then zeroes it; and holds the work within bounds, since paths and
/// documents are tenants' input and a path can ask for many times the document.
/// </summary>
internal sealed class GjsonRun : IDisposable
{
    public const int MaxPathLength = 4096;
    private const int MaxMadeBytes = 64 * 1024 * 1024;
    private const int MaxSteps = 10_000_000;
    private const int MaxNesting = 200;

    private readonly List<byte[]> made = [];
    private long madeBytes;
    private long steps;
    private int nesting;

    /// <summary>Takes over what was made; readable until the end of the run.</summary>
    public ReadOnlyMemory<byte> Keep(byte[] bytes)
    {
        made.Add(bytes);
        madeBytes += bytes.Length;
        return madeBytes > MaxMadeBytes ? throw TooMuch() : bytes;
    }

    /// <summary>To be told how large something has become that is still being made.</summary>
    public void Bound(long bytes)
    {
        if (madeBytes + bytes > MaxMadeBytes) throw TooMuch();
    }

    /// <summary>To be told of each member and element that is looked at.</summary>
    public void Step(int count)
    {
        steps += count + 1;
        if (steps > MaxSteps) throw TooMuch();
    }

    public T Nested<T>(Func<T> evaluation)
    {
        if (nesting++ > MaxNesting) throw TooMuch();
        var result = evaluation();
        nesting--;
        return result;
    }

    public void Dispose()
    {
        foreach (var bytes in made) CryptographicOperations.ZeroMemory(bytes);
    }

    private static ProviderException TooMuch() => new(ProviderFailureKind.Invalid, "the property is a path that asks for too much work");
}
