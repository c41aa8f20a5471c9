using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Data;

/// <summary>encoding/json's Marshal over our values.</summary>
internal sealed class JsonText(ExecutionBudget budget, bool escapesHtml, string? indent)
{
    private readonly ByteBuilder output = new(budget);

    /// <exception cref="FunctionException">A value JSON has no form for.</exception>
    public static GoString Write(ExecutionBudget budget, GoValue value, bool escapesHtml, string? indent = null)
    {
        var text = new JsonText(budget, escapesHtml, indent);
        text.Write(value, 0);
        return text.output.ToGoString();
    }

    /// <summary>Shortest digits; an exponent only below 1e-6 or from 1e21.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FunctionException($"json: unsupported value: {FloatText.Format(value, 'g', -1)}");
        }

        var magnitude = Math.Abs(value);
        if (magnitude == 0 || magnitude is >= 1e-6 and < 1e21)
        {
            return FloatText.Format(value, 'f', -1);
        }

        // e-09 is written e-9.
        var text = FloatText.Format(value, 'e', -1);
        return text.Length >= 4 && text[^4..^1] == "e-0" ? text[..^2] + text[^1] : text;
    }

    private void Write(GoValue value, int depth)
    {
        DeepStack.CheckNesting();
        budget.Step();
        switch (value)
        {
            case GoNil or GoList { IsNilSlice: true } or GoMap { IsNilMap: true }:
                output.Append("null");
                break;
            case GoBool:
                output.Append(value.IsTrue ? "true" : "false");
                break;
            case GoInt number:
                output.Append(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case GoUint number:
                output.Append(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case GoFloat number:
                output.Append(Number(number.Value));
                break;
            case GoString text:
                WriteString(text);
                break;
            case GoList list when list.Type == GoType.Bytes:
                WriteString(GoString.Of(Convert.ToBase64String(GoMethods.BytesOf(list).Span)));
                break;
            case GoList list:
                WriteAll('[', ']', depth, list.Items, item => Write(item, depth + 1));
                break;
            case GoMap map:
                WriteAll('{', '}', depth, [.. map.Sorted()], entry => WriteEntry(entry.Key, entry.Value, depth));
                break;
            case GoCertificate certificate:
                WriteAll('{', '}', depth, [("Cert", certificate.Certificate), ("Key", certificate.Key)], field => WriteEntry(GoString.Of(field.Item1), field.Item2, depth));
                break;
            default:
                WriteString(GoMethods.JsonTextOf(value) ?? throw new FunctionException($"json: unsupported type: {value.Type}"));
                break;
        }
    }

    private void WriteAll<T>(char open, char close, int depth, IReadOnlyList<T> items, Action<T> write)
    {
        output.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? "," : "");
            NewLine(depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        output.Append(close);
    }

    private void WriteEntry(GoString key, GoValue value, int depth)
    {
        WriteString(key);
        output.Append(indent is null ? ":" : ": ");
        Write(value, depth + 1);
    }

    private void NewLine(int depth)
    {
        if (indent is null)
        {
            return;
        }

        output.Append('\n');
        for (var i = 0; i < depth; i++)
        {
            output.Append(indent);
        }
    }

    private void WriteString(GoString text)
    {
        output.Append('"');
        var rest = text.Span;
        while (!rest.IsEmpty)
        {
            var (rune, width) = Runes.Decode(rest);
            if (NeedsEscape(rune, width))
            {
                WriteEscape(rune);
            }
            else
            {
                output.Append(rest[..width]);
            }

            rest = rest[width..];
        }

        output.Append('"');
    }

    private bool NeedsEscape(int rune, int width) => rune is < ' ' or '"' or '\\' or 0x2028 or 0x2029
        || (escapesHtml && rune is ('<' or '>' or '&')) || (rune == Runes.Error && width == 1);

    private void WriteEscape(int rune)
    {
        var index = "\"\\\b\f\n\r\t".IndexOf((char)rune, StringComparison.Ordinal);
        output.Append(index >= 0 ? "\\" + "\"\\bfnrt"[index] : string.Create(CultureInfo.InvariantCulture, $"\\u{rune:x4}"));
    }
}
