using System.Buffers.Binary;
using System.Text;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>
/// A file of the tz database (TZif, RFC 8536). .NET reads these too but keeps no abbreviations, and templates print them.
/// </summary>
internal sealed class ZoneFile
{
    private const int HeaderLength = 44;

    private static readonly string[] Folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

    private readonly long[] transitions;
    private readonly ZoneSpan[] spans;
    private readonly ZoneSpan before;
    private readonly ZoneRule? rule;

    private ZoneFile(long[] transitions, ZoneSpan[] spans, ZoneSpan before, ZoneRule? rule)
    {
        this.transitions = transitions;
        this.spans = spans;
        this.before = before;
        this.rule = rule;
    }

    public static ZoneFile? Find(string name)
    {
        if (name.Contains("..", StringComparison.Ordinal) || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var folder in Folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return Parse(File.ReadAllBytes(path));
            }
        }

        return null;
    }

    public ZoneSpan At(long unixSeconds)
    {
        var index = Array.BinarySearch(transitions, unixSeconds);
        index = index >= 0 ? index : ~index - 1;
        if (index < 0)
        {
            return before;
        }

        return index == transitions.Length - 1 && rule is not null ? rule.At(unixSeconds) : spans[index];
    }

    private static ZoneFile? Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < HeaderLength || !data.StartsWith("TZif"u8))
        {
            return null;
        }

        // Version 2 and later repeat everything with 64-bit times behind the 32-bit part.
        if (data[4] >= (byte)'2')
        {
            data = data[BlockLength(data, 4)..];
            return ParseBlock(data, 8);
        }

        return ParseBlock(data, 4);
    }

    private static int Count(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32BigEndian(header[(20 + (4 * index))..]);

    private static int BlockLength(ReadOnlySpan<byte> header, int timeSize)
    {
        var (utc, standard, leaps, times, types, names) = (Count(header, 0), Count(header, 1), Count(header, 2), Count(header, 3), Count(header, 4), Count(header, 5));
        return HeaderLength + (times * (timeSize + 1)) + (types * 6) + names + (leaps * (timeSize + 4)) + standard + utc;
    }

    private static ZoneFile ParseBlock(ReadOnlySpan<byte> data, int timeSize)
    {
        var (timeCount, typeCount) = (Count(data, 3), Count(data, 4));
        var footer = data[BlockLength(data, timeSize)..];
        var times = data[HeaderLength..];
        var indexes = times[(timeCount * timeSize)..];
        var types = indexes[timeCount..];
        var names = types[(typeCount * 6)..];
        var transitions = new long[timeCount];
        var spans = new ZoneSpan[timeCount];
        for (var i = 0; i < timeCount; i++)
        {
            transitions[i] = timeSize == 8 ? BinaryPrimitives.ReadInt64BigEndian(times[(8 * i)..]) : BinaryPrimitives.ReadInt32BigEndian(times[(4 * i)..]);
            spans[i] = Span(types[(6 * indexes[i])..], names);
        }

        var rule = timeSize == 8 ? ZoneRule.Parse(Encoding.ASCII.GetString(footer).Trim('\n')) : null;
        return timeCount == 0
            ? new([long.MinValue], [Span(types, names)], Span(types, names), null)
            : new(transitions, spans, Span(types, names), rule);
    }

    private static ZoneSpan Span(ReadOnlySpan<byte> type, ReadOnlySpan<byte> names)
    {
        var name = names[type[5]..];
        return new(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), BinaryPrimitives.ReadInt32BigEndian(type), type[4] != 0);
    }
}
