using System.Buffers.Binary;

namespace GitOpsSecrets.LocalCluster.Protobuf;

/// <summary>Cuts a protobuf message into its fields: number, wire type, and the number or bytes of each.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;
    private ReadOnlySpan<byte> rest = message;

    public int Field { get; private set; }

    /// <summary>Of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <exception cref="FormatException">Cut off, or of a wire type that is not used.</exception>
    public bool Next()
    {
        if (rest.IsEmpty) return false;
        var tag = Varint();
        Field = checked((int)(tag >> 3));
        Bytes = default;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(checked((int)Varint())); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new FormatException("wire type");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length) throw new FormatException("cut off");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint; i++)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        throw new FormatException("varint");
    }
}
