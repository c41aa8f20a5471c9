using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Strings;

/// <summary>Wrapping and abbreviating, and the functions that take bytes for characters (Masterminds/goutils).</summary>
internal static class LayoutFunctions
{
    private const int MarkerLength = 3;

    public static GoFunction[] All { get; } =
    [
        new("wrap", "int, string", call => Wrap(call, call.Int(0), GoString.Empty, call.Text(1), cutsWords: false)),
        new("wrapWith", "int, string, string", call => Wrap(call, call.Int(0), call.Text(1), call.Text(2), cutsWords: true)),
        new("abbrev", "int, string", call => call.Int(0) < 4 ? call.Text(1) : Abbreviate(call.Text(1), 0, call.Int(0))),
        new("abbrevboth", "int, int, string", AbbreviateBoth),
        new("nospace", "string", NoSpace),
        new("initials", "string", Initials),
    ];

    private static GoString Wrap(Call call, long width, GoString newLine, GoString text, bool cutsWords)
    {
        newLine = newLine.Length == 0 ? GoString.Of("\n") : newLine;
        width = Math.Clamp(width, 1, int.MaxValue / 2);
        var builder = new ByteBuilder(call.Budget);
        var offset = 0;
        while (text.Length - offset > width)
        {
            call.Budget.Step();
            if (text.Span[offset] == ' ')
            {
                offset++;
                continue;
            }

            var blank = text.Span.Slice(offset, (int)width + 1).LastIndexOf((byte)' ');
            var length = blank >= 0 ? blank : cutsWords ? (int)width : WordLength(text.Span[offset..], (int)width);
            builder.Append(text.Slice(offset, length));
            offset += length;
            if (length == width && blank < 0 && cutsWords)
            {
                builder.Append(newLine);
            }
            else if (offset < text.Length)
            {
                builder.Append(newLine);
                offset++;
            }
        }

        builder.Append(text.Slice(Math.Min(offset, text.Length)));
        return builder.ToGoString();
    }

    private static int WordLength(ReadOnlySpan<byte> text, int from)
    {
        var blank = text[from..].IndexOf((byte)' ');
        return blank < 0 ? text.Length : from + blank;
    }

    private static GoString AbbreviateBoth(Call call)
    {
        var (left, right) = (call.Int(0), call.Int(1));
        return right < 4 || (left > 0 && right < 7) ? call.Text(2) : Abbreviate(call.Text(2), left, right);
    }

    private static GoString Abbreviate(GoString text, long offset, long width)
    {
        if (text.Length <= width)
        {
            return text;
        }

        var kept = (int)width - MarkerLength;
        offset = Math.Min(offset, text.Length);
        if (text.Length - offset < kept)
        {
            offset = text.Length - kept;
        }

        if (offset <= 4)
        {
            return Marked(text.Slice(0, kept), GoString.Empty, atEnd: true);
        }

        if (width < 7)
        {
            return GoString.Empty;
        }

        var tail = offset + kept < text.Length ? Abbreviate(text.Slice((int)offset), 0, kept) : text.Slice(text.Length - kept);
        return Marked(GoString.Empty, tail, atEnd: false);
    }

    private static GoString Marked(GoString before, GoString after, bool atEnd)
    {
        var builder = new ByteBuilder();
        builder.Append(atEnd ? before : GoString.Of("..."));
        builder.Append(atEnd ? GoString.Of("...") : after);
        return builder.ToGoString();
    }

    private static GoString NoSpace(Call call)
    {
        var text = call.Text(0);
        var builder = new ByteBuilder(call.Budget);
        var kept = 0;
        foreach (var value in text.Span)
        {
            if (!GoCase.IsSpace(value))
            {
                kept++;
                builder.AppendRune(value);
            }
        }

        return kept == text.Length ? text : builder.ToGoString();
    }

    private static GoString Initials(Call call)
    {
        var builder = new ByteBuilder(call.Budget);
        var atGap = true;
        foreach (var value in call.Text(0).Span)
        {
            var isSpace = GoCase.IsSpace(value);
            if (!isSpace && atGap)
            {
                builder.AppendRune(value);
            }

            atGap = isSpace;
        }

        return builder.ToGoString();
    }
}
