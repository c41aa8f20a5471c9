using System.Buffers.Binary;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>One OpenPGP packet (RFC 4880 §4): its tag and its body put together from all its parts.</summary>
internal sealed record PgpPacket(int Tag, byte[] Body)
{
    public const int PublicKeySessionKey = 1;
    public const int Signature = 2;
    public const int OnePassSignature = 4;
    public const int Compressed = 8;
    public const int Literal = 11;
    public const int Marker = 10;
    public const int IntegrityProtected = 18;

    /// <summary>GnuPG's OCB packet (LibrePGP), which RFC 9580 does not have.</summary>
    public const int Ocb = 20;

    /// <returns>All packets of a text; null when it is cut or no such row.</returns>
    public static IReadOnlyList<PgpPacket>? ReadAll(ReadOnlySpan<byte> data)
    {
        var packets = new List<PgpPacket>();
        while (!data.IsEmpty)
        {
            if ((data[0] & 0x80) == 0) return null;
            var isNew = (data[0] & 0x40) != 0;
            var tag = isNew ? data[0] & 0x3F : (data[0] >> 2) & 0x0F;
            var body = isNew ? ReadNew(ref data) : ReadOld(ref data);
            if (body is null) return null;
            packets.Add(new PgpPacket(tag, body));
        }
        return packets;
    }

    /// <summary>Old format: two bits of the header say how long the length is; 3 means up to the end.</summary>
    private static byte[]? ReadOld(ref ReadOnlySpan<byte> data)
    {
        var type = data[0] & 3;
        data = data[1..];
        if (type == 3) return Take(ref data, (uint)data.Length);
        var size = 1 << type;
        if (data.Length < size) return null;
        uint length = 0;
        foreach (var value in data[..size]) length = (length << 8) | value;
        data = data[size..];
        return Take(ref data, length);
    }

    /// <summary>New format: parts of 2^n bytes each, then a last one.</summary>
    private static byte[]? ReadNew(ref ReadOnlySpan<byte> data)
    {
        data = data[1..];
        var body = new List<byte>();
        while (true)
        {
            if (data.IsEmpty) return null;
            int first = data[0];
            var isPart = first is >= 224 and < 255;
            if (ReadNewLength(ref data) is not { } length || Take(ref data, length) is not { } part) return null;
            body.AddRange(part);
            if (!isPart) return [.. body];
        }
    }

    private static uint? ReadNewLength(ref ReadOnlySpan<byte> data)
    {
        uint first = data[0];
        var size = first < 192 ? 1 : first < 224 ? 2 : first < 255 ? 1 : 5;
        if (data.Length < size) return null;
        var length = size switch
        {
            2 => ((first - 192) << 8) + data[1] + 192,
            5 => BinaryPrimitives.ReadUInt32BigEndian(data[1..]),
            _ => first < 192 ? first : 1u << (int)(first & 0x1F),
        };
        data = data[size..];
        return length;
    }

    private static byte[]? Take(ref ReadOnlySpan<byte> data, uint length)
    {
        if (length > data.Length) return null;
        var body = data[..(int)length].ToArray();
        data = data[(int)length..];
        return body;
    }
}
