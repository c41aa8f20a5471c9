using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Json;

/// <summary>Reads a <see cref="JsonPath"/>:
/// <code>
/// path     = '$' { step }
/// step     = '.' name | '.' '*' | '..' ( name | '*' | bracket ) | bracket
/// bracket  = '[' ( '*' | key { ',' key } | [int] ':' [int] [ ':' [int] ] | '?' [ '(' ] operand [ ( '==' | '!=' ) operand ] [ ')' ] ) ']'
/// key      = quoted | int
/// </code>
/// </summary>
internal sealed class JsonPathParser(string text)
{
    private const int MaxNesting = 16;
    private int at;
    private int nesting;

    public JsonPath ParseWhole()
    {
        Blanks();
        if (!Take('$')) throw Unexpected("a JSON path starts with $");
        var path = new JsonPath(Steps());
        Blanks();
        return at == text.Length ? path : throw Unexpected("a part starts with '.' or '[', and a name with other characters than letters, digits and _ is written ['name']");
    }

    private List<JsonPathStep> Steps()
    {
        if (++nesting > MaxNesting) throw Unexpected($"filters are nested more than {MaxNesting} deep");
        var steps = new List<JsonPathStep>();
        while (true)
        {
            var start = at;
            if (Take('['))
            {
                steps.Add(Bracket(start));
            }
            else if (Take('.'))
            {
                if (Take('.'))
                {
                    steps.Add(new JsonPathStep.Deep(".."));
                    if (Take('['))
                    {
                        steps.Add(Bracket(start));
                        continue;
                    }
                }

                steps.Add(Take('*') ? new JsonPathStep.All(text[start..at]) : Name(start));
            }
            else
            {
                nesting--;
                return steps;
            }
        }
    }

    private JsonPathStep.Key Name(int start)
    {
        var from = at;
        while (at < text.Length && (char.IsLetter(text[at]) || text[at] == '_' || (at > from && char.IsDigit(text[at])))) at++;
        return at > from ? new JsonPathStep.Key(text[start..at], text[from..at]) : throw Unexpected("a name, '*' or '[' is wanted");
    }

    private JsonPathStep Bracket(int start)
    {
        Blanks();
        if (Take('*')) return Close(start, written => new JsonPathStep.All(written));
        if (Take('?')) return Filter(start);
        if (at < text.Length && text[at] == ':') return Range(start, null);
        var first = Key();
        Blanks();
        if (at < text.Length && text[at] == ':') return Range(start, first);
        var keys = new List<JsonPathStep.Key> { new(text[start..at] + "]", first) };
        while (Take(','))
        {
            keys.Add(new("", Key()));
            Blanks();
        }

        return Close(start, written => keys is [var only] ? only : new JsonPathStep.Several(written, keys));
    }

    private JsonPathStep Close(int start, Func<string, JsonPathStep> make)
    {
        Blanks();
        return Take(']') ? make(text[start..at]) : throw Unexpected("']' is wanted; expressions inside brackets are not supported");
    }

    private string Key()
    {
        Blanks();
        if (at < text.Length && text[at] is '\'' or '"') return Quoted();
        var from = at;
        Take('-');
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at > from && char.IsAsciiDigit(text[at - 1]) ? text[from..at] : throw Unexpected("a position or a name in quotes is wanted; expressions inside brackets are not supported");
    }

    private string Quoted()
    {
        var quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at++]);
        }

        return Take(quote) ? value.ToString() : throw Unexpected("a name in quotes does not end");
    }

    private JsonPathStep Range(int start, string? first)
    {
        var parts = new List<int?> { first is null ? null : Number(first) };
        while (Take(':'))
        {
            Blanks();
            parts.Add(at < text.Length && text[at] is ':' or ']' ? null : Number(Key()));
            Blanks();
        }

        if (parts.Count > 3) throw Unexpected("a range has at most [from:until:step]");
        var step = parts.Count > 2 ? parts[2] ?? 1 : 1;
        return Close(start, written => new JsonPathStep.Range(written, parts[0] ?? 0, parts[1] ?? int.MaxValue, step == 0 ? 1 : step));
    }

    private int Number(string key) => int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Unexpected("a range is made of numbers");

    private JsonPathStep Filter(int start)
    {
        Blanks();
        var isWrapped = Take('(');
        var left = Operand();
        Blanks();
        JsonPathOperand? right = null;
        var isEqual = !text.AsSpan(at).StartsWith("!=");
        if (!isEqual || text.AsSpan(at).StartsWith("=="))
        {
            at += 2;
            right = Operand();
            Blanks();
        }

        if (isWrapped && !Take(')')) throw Unexpected("filters compare with == or !=, and know no other operators");
        return Close(start, written => new JsonPathStep.Filter(written, left, right, isEqual));
    }

    private JsonPathOperand Operand()
    {
        Blanks();
        if (Take('@')) return JsonPathOperand.OfPath(new JsonPath(Steps()), isFromRoot: false);
        if (Take('$')) return JsonPathOperand.OfPath(new JsonPath(Steps()), isFromRoot: true);
        if (at < text.Length && text[at] is '\'' or '"') return Constant('"' + JsonEncodedText.Encode(Quoted()).ToString() + '"');
        var from = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '+' or '.')) at++;
        return Constant(text[from..at]);
    }

    private JsonPathOperand Constant(string json)
    {
        var piece = JsonPiece.Parse(Encoding.UTF8.GetBytes(json));
        return piece.Exists ? JsonPathOperand.OfConstant(piece) : throw Unexpected("@, $, a text in quotes, a number, true, false or null is wanted");
    }

    private bool Take(char wanted)
    {
        if (at >= text.Length || text[at] != wanted) return false;
        at++;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
    }

    private ProviderException Unexpected(string why) => new(ProviderFailureKind.Invalid, $"the JSON path is not understood at position {at + 1}: {why}");
}
