using System.Buffers;
using System.Text;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Collects bytes. With a budget it stops a text that grows past the limit while it grows, not when it is complete.</summary>
internal sealed class ByteBuilder(ExecutionBudget? budget = null)
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public int Length => buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        budget?.Allocate(bytes.Length);
        if (bytes.Length > buffer.FreeCapacity)
        {
            // While it grows, the old buffer and the new one, of twice the size, are there.
            budget?.Reserve(bytes.Length + (2L * buffer.Capacity));
        }

        buffer.Write(bytes);
    }

    public void Append(GoString text) => Append(text.Span);

    public void Append(byte value) => Append([value]);

    public void Append(string text)
    {
        budget?.Allocate(text.Length);
        Encoding.UTF8.GetBytes(text, buffer);
    }

    public void Append(char ascii) => Append((byte)ascii);

    public void AppendRune(long rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Append(utf8[..Runes.ToRune(rune).EncodeToUtf8(utf8)]);
    }

    public void AppendRepeated(byte value, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Append(value);
        }
    }

    public GoString ToGoString() => GoString.Of(buffer.WrittenSpan);

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();
}
