using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Chance that is known: given bytes first, then a stream that a seed decides.</summary>
internal sealed class SequenceRandom(int seed, params byte[] first) : RandomNumberGenerator
{
    private readonly Queue<byte> bytes = new(first);
    private int block;

    public override void GetBytes(byte[] data)
    {
        for (var position = 0; position < data.Length; position++)
        {
            if (bytes.Count == 0) Refill();
            data[position] = bytes.Dequeue();
        }
    }

    private void Refill()
    {
        var input = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(input, seed);
        BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(4), block++);
        foreach (var value in SHA256.HashData(input)) bytes.Enqueue(value);
    }
}
