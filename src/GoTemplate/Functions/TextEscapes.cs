using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>What <c>html</c>, <c>js</c> and <c>urlquery</c> do to a text.</summary>
internal static class TextEscapes
{
    public static GoString Html(ExecutionBudget budget, GoString text)
    {
        var builder = new ByteBuilder(budget);
        foreach (var value in text.Span)
        {
            switch (value)
            {
                case (byte)'"':
                    builder.Append("&#34;");
                    break;
                case (byte)'\'':
                    builder.Append("&#39;");
                    break;
                case (byte)'&':
                    builder.Append("&amp;");
                    break;
                case (byte)'<':
                    builder.Append("&lt;");
                    break;
                case (byte)'>':
                    builder.Append("&gt;");
                    break;
                case 0:
                    builder.AppendRune(Runes.Error);
                    break;
                default:
                    builder.Append(value);
                    break;
            }
        }

        return builder.ToGoString();
    }

    public static GoString JavaScript(ExecutionBudget budget, GoString text)
    {
        var builder = new ByteBuilder(budget);
        var rest = text.Span;
        while (!rest.IsEmpty)
        {
            var (rune, width) = Runes.Decode(rest);
            if (rune is '\\' or '\'' or '"')
            {
                builder.Append('\\');
                builder.Append((char)rune);
            }
            else if (rune is '<' or '>' or '&' or '=' or < ' ')
            {
                builder.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{rune:X4}"));
            }
            else if (rune < 0x80 || GoQuote.IsPrint(rune))
            {
                builder.Append(rest[..width]);
            }
            else
            {
                builder.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{rune:X4}"));
            }

            rest = rest[width..];
        }

        return builder.ToGoString();
    }

    public static GoString UrlQuery(ExecutionBudget budget, GoString text)
    {
        var builder = new ByteBuilder(budget);
        foreach (var value in text.Span)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                builder.Append(value);
            }
            else if (value == ' ')
            {
                builder.Append('+');
            }
            else
            {
                builder.Append(string.Create(CultureInfo.InvariantCulture, $"%{value:X2}"));
            }
        }

        return builder.ToGoString();
    }
}
