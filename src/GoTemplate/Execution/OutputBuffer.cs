using System.Buffers;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>What a template has rendered so far, up to a limit.</summary>
internal sealed class OutputBuffer(ExecutionBudget budget, int maxBytes)
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public void Write(GoString text)
    {
        if (buffer.WrittenCount + (long)text.Length > maxBytes)
        {
            throw new LimitExceededException($"output larger than {maxBytes} bytes");
        }

        budget.Allocate(text.Length);
        buffer.Write(text.Span);
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();
}
