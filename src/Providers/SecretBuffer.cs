using System.Buffers;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers;

/// <summary>A growing run of plaintext bytes that leaves no copy behind: what it grows out of, and what it holds at the end, is zeroed.</summary>
public sealed class SecretBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] bytes = new byte[256];

    public int Length { get; private set; }

    /// <summary>What was written so far; gone with the next write.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> more)
    {
        more.CopyTo(GetSpan(more.Length));
        Advance(more.Length);
    }

    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        Advance(1);
    }

    /// <summary>Takes back the last bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        CryptographicOperations.ZeroMemory(bytes.AsSpan(length, Length - length));
        Length = length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>A copy of exactly what was written; the caller's to zero.</summary>
    public byte[] ToArray() => Written.ToArray();

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        Length = 0;
    }

    private void Grow(int more)
    {
        if (bytes.Length - Length >= more) return;
        var larger = new byte[Math.Max(checked(Length + more), bytes.Length * 2)];
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(bytes);
        bytes = larger;
    }
}
