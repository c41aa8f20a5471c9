using System.Globalization;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>Texts: style, escapes, and folding at 80 columns.</summary>
internal sealed partial class YamlText
{
    private const int BestWidth = 80;

    private void WriteText(GoString text, int indent, bool isKey)
    {
        const int stepsARune = 16;
        budget.Reserve(4L * sizeof(int) * text.Length);
        budget.Walk((long)text.Length * stepsARune);
        var runes = Runes.All(text.Span);
        var shape = new ScalarShape(runes);
        var plainText = text.ToText();
        if (runes.Contains('\n'))
        {
            if (shape.AllowsBlock && !isKey)
            {
                WriteLiteral(runes, indent);
            }
            else
            {
                WriteDoubleQuoted(runes, indent, !isKey);
            }
        }
        else if (YamlScalar.NeedsQuotes(plainText) || (isKey && shape.IsMultiline))
        {
            WriteDoubleQuoted(runes, indent, !isKey);
        }
        else if (shape.AllowsPlain)
        {
            WritePlain(runes, indent, !isKey);
        }
        else if (shape.AllowsSingleQuoted)
        {
            WriteSingleQuoted(runes, indent, !isKey);
        }
        else
        {
            WriteDoubleQuoted(runes, indent, !isKey);
        }
    }

    private void WritePlain(List<int> text, int indent, bool folds)
    {
        var afterSpace = false;
        for (var i = 0; i < text.Count; i++)
        {
            if (text[i] == ' ' && folds && !afterSpace && column > BestWidth && text[i + 1] != ' ')
            {
                NewLine(indent);
            }
            else
            {
                Put(text[i]);
            }

            afterSpace = text[i] == ' ';
        }
    }

    private void WriteSingleQuoted(List<int> text, int indent, bool folds)
    {
        Put('\'');
        var afterSpace = false;
        var afterBreak = false;
        for (var i = 0; i < text.Count; i++)
        {
            var rune = text[i];
            if (rune == ' ')
            {
                if (folds && !afterSpace && column > BestWidth && i > 0 && i < text.Count - 1 && text[i + 1] != ' ')
                {
                    NewLine(indent);
                }
                else
                {
                    Put(rune);
                }

                afterSpace = true;
                continue;
            }

            if (ScalarShape.IsBreak(rune))
            {
                Put(rune);
                afterBreak = true;
                continue;
            }

            if (afterBreak)
            {
                Indent(indent);
            }

            Put(rune == '\'' ? "''" : char.ConvertFromUtf32(rune));
            afterSpace = false;
            afterBreak = false;
        }

        Put('\'');
    }

    private void WriteDoubleQuoted(List<int> text, int indent, bool folds)
    {
        Put('"');
        var afterSpace = false;
        for (var i = 0; i < text.Count; i++)
        {
            var rune = text[i];
            if (rune == ' ' && folds && !afterSpace && column > BestWidth && i > 0 && i < text.Count - 1)
            {
                NewLine(indent);
                if (text[i + 1] == ' ')
                {
                    Put('\\');
                }
            }
            else if (!ScalarShape.IsPrintable(rune) || ScalarShape.IsBreak(rune) || rune is '"' or '\\')
            {
                Put(Escape(rune));
            }
            else
            {
                Put(rune);
            }

            afterSpace = rune == ' ';
        }

        Put('"');
    }

    private void WriteLiteral(List<int> text, int indent)
    {
        Put('|');
        if (text[0] == ' ' || ScalarShape.IsBreak(text[0]))
        {
            Put('0' + IndentStep);
        }

        if (!ScalarShape.IsBreak(text[^1]))
        {
            Put('-');
        }
        else if (text.Count == 1 || ScalarShape.IsBreak(text[^2]))
        {
            Put('+');
        }

        Put('\n');
        var afterBreak = true;
        foreach (var rune in ScalarShape.IsBreak(text[^1]) ? text.Take(text.Count - 1) : text)
        {
            if (!ScalarShape.IsBreak(rune) && afterBreak)
            {
                Indent(indent);
            }

            Put(rune);
            afterBreak = ScalarShape.IsBreak(rune);
        }
    }

    private void Indent(int indent)
    {
        for (var i = 0; i < indent; i++)
        {
            Put(' ');
        }
    }

    private static string Escape(int rune)
    {
        var index = "\0\a\b\t\n\v\f\r\u001b\"\\\u0085\u00a0\u2028\u2029".IndexOf(char.ConvertFromUtf32(rune), StringComparison.Ordinal);
        if (index >= 0)
        {
            return "\\" + "0abtnvfre\"\\N_LP"[index];
        }

        var format = rune <= 0xFF ? "\\x{0:X2}" : rune <= 0xFFFF ? "\\u{0:X4}" : "\\U{0:X8}";
        return string.Format(CultureInfo.InvariantCulture, format, rune);
    }
}
