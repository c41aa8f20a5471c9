using System.Buffers;
using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Go's view of UTF-8: an invalid byte is one rune, U+FFFD, one byte wide.</summary>
internal static class Runes
{
    public const int Error = 0xFFFD;

    /// <summary>The first rune and its width in bytes; width 0 at the end.</summary>
    public static (int Rune, int Width) Decode(ReadOnlySpan<byte> span)
    {
        if (span.IsEmpty)
        {
            return (Error, 0);
        }

        if (span[0] < 0x80)
        {
            return (span[0], 1);
        }

        return Rune.DecodeFromUtf8(span, out var rune, out var width) == OperationStatus.Done ? (rune.Value, width) : (Error, 1);
    }

    /// <summary>The last rune and its width in bytes; width 0 for nothing.</summary>
    public static (int Rune, int Width) DecodeLast(ReadOnlySpan<byte> span)
    {
        if (span.IsEmpty)
        {
            return (Error, 0);
        }

        return Rune.DecodeLastFromUtf8(span, out var rune, out var width) == OperationStatus.Done ? (rune.Value, width) : (Error, 1);
    }

    public static List<int> All(ReadOnlySpan<byte> span)
    {
        var runes = new List<int>(span.Length);
        while (!span.IsEmpty)
        {
            var (rune, width) = Decode(span);
            runes.Add(rune);
            span = span[width..];
        }

        return runes;
    }

    public static int Count(ReadOnlySpan<byte> span)
    {
        var count = 0;
        while (!span.IsEmpty)
        {
            span = span[Decode(span).Width..];
            count++;
        }

        return count;
    }

    public static GoString Truncate(GoString text, int runes)
    {
        var end = 0;
        for (var i = 0; i < runes && end < text.Length; i++)
        {
            end += Decode(text.Span[end..]).Width;
        }

        return text.Slice(0, end);
    }

    /// <summary>Whether Go's strings can hold the rune: not a surrogate, not above U+10FFFF.</summary>
    public static bool IsValid(long rune) => rune is >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF);

    public static Rune ToRune(long rune) => IsValid(rune) ? new Rune((int)rune) : new Rune(Error);

    public static GoString Join(IEnumerable<int> runes)
    {
        var builder = new ByteBuilder();
        foreach (var rune in runes)
        {
            builder.AppendRune(rune);
        }

        return builder.ToGoString();
    }
}
