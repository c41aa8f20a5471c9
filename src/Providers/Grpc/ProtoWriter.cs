using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Grpc;

/// <summary>Writes a Protocol Buffers message, as <see cref="ProtoMessage"/> draws it. What is empty or zero is left out, which is the same to the protocol. Zeroed on disposal.</summary>
internal sealed class ProtoWriter : IDisposable
{
    private readonly SecretBuffer buffer = new();

    public ReadOnlySpan<byte> Written => buffer.Written;

    public ProtoWriter Text(int number, string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(value ?? "");
        Bytes(number, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return this;
    }

    public ProtoWriter Bytes(int number, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) WriteBytes(number, value);
        return this;
    }

    /// <summary>Written even when it is empty, as a message that is there.</summary>
    public ProtoWriter Message(int number, Action<ProtoWriter> write)
    {
        using var inner = new ProtoWriter();
        write(inner);
        WriteBytes(number, inner.Written);
        return this;
    }

    /// <summary>One entry of a map of texts.</summary>
    public ProtoWriter Entry(int number, string key, string value) => Message(number, entry => entry.Text(1, key).Text(2, value));

    /// <summary>Negative ones take ten bytes.</summary>
    public ProtoWriter Number(int number, long value)
    {
        if (value != 0) Present(number, value);
        return this;
    }

    /// <summary>Written even when it is zero, where the protocol tells zero from nothing.</summary>
    public ProtoWriter Present(int number, long value)
    {
        WriteNumber((ulong)number << 3);
        WriteNumber(unchecked((ulong)value));
        return this;
    }

    public void Dispose() => buffer.Dispose();

    private void WriteBytes(int number, ReadOnlySpan<byte> value)
    {
        WriteNumber(((ulong)number << 3) | 2);
        WriteNumber((ulong)value.Length);
        buffer.Append(value);
    }

    private void WriteNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7) buffer.Append((byte)((value & 0x7F) | 0x80));
        buffer.Append((byte)value);
    }
}
