using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Strings;

/// <summary>Cutting, joining, quoting. Offsets and lengths are bytes, as everywhere in Go.</summary>
internal static class StringFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("hello", "", _ => GoString.Of("Hello!")),
        new("trim", "string", call => GoCase.TrimSpace(call.Text(0))),
        new("trimAll", "string, string", call => ByteText.Trim(call.Text(1), call.Text(0))),
        new("trimall", "string, string", call => ByteText.Trim(call.Text(1), call.Text(0))),
        new("trimPrefix", "string, string", call => HasPrefix(call) ? call.Text(1).Slice(call.Text(0).Length) : call.Text(1)),
        new("trimSuffix", "string, string", call => HasSuffix(call) ? call.Text(1).Slice(0, call.Text(1).Length - call.Text(0).Length) : call.Text(1)),
        new("upper", "string", call => GoCase.Map(call.Text(0), GoCase.ToUpper)),
        new("lower", "string", call => GoCase.Map(call.Text(0), GoCase.ToLower)),
        new("contains", "string, string", call => GoBool.Of(call.Text(1).Span.IndexOf(call.Text(0).Span) >= 0)),
        new("hasPrefix", "string, string", call => GoBool.Of(HasPrefix(call))),
        new("hasSuffix", "string, string", call => GoBool.Of(HasSuffix(call))),
        new("replace", "string, string, string", call => ByteText.Replace(call.Budget, call.Text(2), call.Text(0), call.Text(1))),
        new("repeat", "int, string", call => ByteText.Repeat(call.Budget, call.Text(1), call.Int(0))),
        new("trunc", "int, string", Truncate),
        new("substr", "int, int, string", Substring),
        new("quote", "...any", call => Quoted(call, text => GoQuote.Quote(text))),
        new("squote", "...any", call => Quoted(call, null)),
        new("cat", "...any", Concatenate),
        new("indent", "int, string", call => Indent(call)),
        new("nindent", "int, string", Nindent),
        new("plural", "string, string, int", call => call.Text(call.Int(2) == 1 ? 0 : 1)),
        new("toString", "any", call => Printer.Sprint(call.Budget, call[0])),
    ];

    private static bool HasPrefix(Call call) => call.Text(1).Span.StartsWith(call.Text(0).Span);

    private static bool HasSuffix(Call call) => call.Text(1).Span.EndsWith(call.Text(0).Span);

    private static GoString Truncate(Call call)
    {
        var (count, text) = (call.Int(0), call.Text(1));
        if (count < 0 && text.Length + count > 0)
        {
            return text.Slice((int)(text.Length + count));
        }

        return count >= 0 && text.Length > count ? text.Slice(0, (int)count) : text;
    }

    private static GoString Substring(Call call)
    {
        var (start, end, text) = (call.Int(0), call.Int(1), call.Text(2));
        if (start < 0)
        {
            return end >= 0 && end <= text.Length ? text.Slice(0, (int)end) : throw OutOfRange(end < 0 ? $"[:{end}]" : $"[:{end}] with length {text.Length}");
        }

        if (end < 0 || end > text.Length)
        {
            return start <= text.Length ? text.Slice((int)start) : throw OutOfRange($"[{start}:{text.Length}]");
        }

        return start <= end ? text.Slice((int)start, (int)(end - start)) : throw OutOfRange($"[{start}:{end}]");
    }

    private static FunctionException OutOfRange(string bounds) => new($"runtime error: slice bounds out of range {bounds}");

    private static GoString Quoted(Call call, Func<GoString, string>? quote)
    {
        var builder = new ByteBuilder(call.Budget);
        foreach (var value in call.All)
        {
            if (value is GoNil)
            {
                continue;
            }

            if (builder.Length > 0)
            {
                builder.Append(' ');
            }

            var text = Printer.Sprint(call.Budget, value);
            if (quote is not null)
            {
                builder.Append(quote(text));
                continue;
            }

            builder.Append('\'');
            builder.Append(text);
            builder.Append('\'');
        }

        return builder.ToGoString();
    }

    private static GoString Concatenate(Call call)
    {
        var builder = new ByteBuilder(call.Budget);
        var first = true;
        foreach (var value in call.All)
        {
            if (value is GoNil)
            {
                continue;
            }

            builder.Append(first ? "" : " ");
            builder.Append(Printer.Sprint(call.Budget, value));
            first = false;
        }

        return builder.ToGoString();
    }

    private static GoString Indent(Call call)
    {
        var padding = ByteText.Repeat(call.Budget, GoString.Of(" "), call.Int(0));
        var lines = ByteText.Split(call.Budget, call.Text(1), GoString.Of("\n"), -1);
        var builder = new ByteBuilder(call.Budget);
        for (var i = 0; i < lines.Count; i++)
        {
            builder.Append(i > 0 ? "\n" : "");
            builder.Append(padding);
            builder.Append(lines[i]);
        }

        return builder.ToGoString();
    }

    private static GoString Nindent(Call call)
    {
        var builder = new ByteBuilder(call.Budget);
        builder.Append('\n');
        builder.Append(Indent(call));
        return builder.ToGoString();
    }
}
