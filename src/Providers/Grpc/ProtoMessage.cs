using System.Buffers.Binary;
using System.Text;

namespace GitOpsSecrets.Providers.Grpc;

/// <summary>
/// A Protocol Buffers message that was read (https://protobuf.dev/programming-guides/encoding/): fields one after the other, each a tag (number · 8 + kind) and
/// <code>
/// kind 0  a number in groups of seven bits, the low ones first, each byte but the last with its high bit set
/// kind 1  eight bytes, kind 5 four bytes, little endian
/// kind 2  a length, then so many bytes: text, bytes, another message
/// </code>
/// Fields that nobody asks for are passed over; of one that stands there twice the last one counts, where it is no list. The bytes stay those of the message, so that what zeroes it zeroes all.
/// </summary>
internal sealed class ProtoMessage
{
    private const int LongestNumber = 10;
    private readonly List<ProtoField> fields;

    private ProtoMessage(List<ProtoField> fields) => this.fields = fields;

    /// <summary>Null when it is cut or no message.</summary>
    public static ProtoMessage? Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        while (!message.IsEmpty)
        {
            if (ReadNumber(ref message) is not { } tag || tag >> 3 is 0 or > 0x1FFFFFFF) return null;
            var number = (int)(tag >> 3);
            ProtoField? field = (tag & 7) switch
            {
                0 => ReadNumber(ref message) is { } value ? new(number, value, default) : null,
                1 => Take(ref message, 8) is { } fixed64 ? new(number, BinaryPrimitives.ReadUInt64LittleEndian(fixed64.Span), default) : null,
                2 => ReadNumber(ref message) is { } length && length <= (ulong)message.Length && Take(ref message, (int)length) is { } bytes ? new(number, 0, bytes) : null,
                5 => Take(ref message, 4) is { } fixed32 ? new(number, BinaryPrimitives.ReadUInt32LittleEndian(fixed32.Span), default) : null,
                _ => null,
            };
            if (field is not { } known) return null;
            fields.Add(known);
        }

        return new ProtoMessage(fields);
    }

    /// <summary>A field of bytes; empty where it is absent, which is the same to the protocol.</summary>
    public ReadOnlyMemory<byte> Bytes(int number) => fields.FindLast(field => field.Number == number).Bytes;

    public bool Has(int number) => fields.Exists(field => field.Number == number);

    /// <summary>Not for values: nobody could zero it.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public long Number(int number) => unchecked((long)fields.FindLast(field => field.Number == number).Value);

    public IEnumerable<ReadOnlyMemory<byte>> List(int number) => fields.Where(field => field.Number == number).Select(field => field.Bytes);

    public override string ToString() => $"{fields.Count} fields";

    private static ulong? ReadNumber(ref ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        ulong value = 0;
        for (var i = 0; i < Math.Min(bytes.Length, LongestNumber); i++)
        {
            // Of the tenth byte one bit is left for a number of 64.
            if (i == LongestNumber - 1 && bytes[i] > 1) return null;
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            message = message[(i + 1)..];
            return value;
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? Take(ref ReadOnlyMemory<byte> message, int count)
    {
        if (count > message.Length) return null;
        var taken = message[..count];
        message = message[count..];
        return taken;
    }
}
