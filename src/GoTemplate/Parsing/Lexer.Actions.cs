using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>The inside of an action: operands, keywords, operators.</summary>
internal sealed partial class Lexer
{
    private const string DecimalDigits = "0123456789_";
    private const string HexDigits = "0123456789abcdefABCDEF_";

    private static readonly FrozenDictionary<string, TokenKind> Keywords = new Dictionary<string, TokenKind>
    {
        ["block"] = TokenKind.Block,
        ["break"] = TokenKind.Break,
        ["continue"] = TokenKind.Continue,
        ["define"] = TokenKind.Define,
        ["else"] = TokenKind.Else,
        ["end"] = TokenKind.EndKeyword,
        ["if"] = TokenKind.If,
        ["nil"] = TokenKind.Nil,
        ["range"] = TokenKind.Range,
        ["template"] = TokenKind.Template,
        ["with"] = TokenKind.With,
        ["true"] = TokenKind.Bool,
        ["false"] = TokenKind.Bool,
    }.ToFrozenDictionary();

    private Token LexInsideAction()
    {
        if (AtRightDelimiter(out _))
        {
            return parenthesisDepth == 0 ? LexRightDelimiter() : Fail("unclosed left paren");
        }

        var rune = Read();
        return rune switch
        {
            EndOfInput => Fail("unclosed action"),
            '=' => Emit(TokenKind.Assign),
            ':' => Read() == '=' ? Emit(TokenKind.Declare) : Fail("expected :="),
            '|' => Emit(TokenKind.Pipe),
            '"' => LexQuoted('"', TokenKind.String, "unterminated quoted string"),
            '\'' => LexQuoted('\'', TokenKind.CharConstant, "unterminated character constant"),
            '`' => LexRawString(),
            '$' => LexName(TokenKind.Variable, TokenKind.Variable),
            '(' => OpenParenthesis(),
            ')' => CloseParenthesis(),
            _ => LexOperand(rune),
        };
    }

    private Token LexOperand(int rune)
    {
        if (IsSpace(rune))
        {
            return LexSpace();
        }

        if (rune == '.' && position < input.Length && input[position] is < (byte)'0' or > (byte)'9')
        {
            return LexName(TokenKind.Field, TokenKind.Dot);
        }

        if (rune is '.' or '+' or '-' or (>= '0' and <= '9'))
        {
            StepBack();
            return LexNumber();
        }

        if (IsAlphanumeric(rune))
        {
            return LexIdentifier();
        }

        return rune is > ' ' and < 0x7f ? Emit(TokenKind.Char) : Fail($"unrecognized character in action: {GoQuote.Unicode(rune)}");
    }

    private Token OpenParenthesis()
    {
        parenthesisDepth++;
        return Emit(TokenKind.LeftParenthesis);
    }

    private Token CloseParenthesis() => --parenthesisDepth < 0 ? Fail("unexpected right paren") : Emit(TokenKind.RightParenthesis);

    /// <summary>
    /// Blanks, of which the last may belong to a trim marker before the right delimiter: <c>{{3 -}}</c>.
    /// </summary>
    private Token LexSpace()
    {
        var count = 1;
        for (; IsSpace(Peek()); count++)
        {
            Read();
        }

        var last = input.AsSpan(position - 1);
        if (HasRightTrimMarker(last) && last[TrimMarkerLength..].StartsWith(rightDelimiter))
        {
            StepBack();
            if (count == 1)
            {
                return LexRightDelimiter();
            }
        }

        return Emit(TokenKind.Space);
    }

    private Token LexIdentifier()
    {
        var rune = ReadAlphanumerics();
        if (!AtTerminator())
        {
            return Fail($"bad character {GoQuote.Unicode(rune)}");
        }

        var word = Encoding.UTF8.GetString(input.AsSpan(start, position - start));
        return Emit(Keywords.GetValueOrDefault(word, TokenKind.Identifier));
    }

    /// <summary>A field or variable whose dot or dollar has been read; with no name after it, <paramref name="alone"/>.</summary>
    private Token LexName(TokenKind kind, TokenKind alone)
    {
        if (AtTerminator())
        {
            return Emit(alone);
        }

        var rune = ReadAlphanumerics();
        return AtTerminator() ? Emit(kind) : Fail($"bad character {GoQuote.Unicode(rune)}");
    }

    private Token LexQuoted(int quote, TokenKind kind, string unterminated)
    {
        while (true)
        {
            var rune = Read();
            if (rune == quote)
            {
                return Emit(kind);
            }

            if (rune == '\\')
            {
                rune = Read() is EndOfInput or '\n' ? EndOfInput : 0;
            }

            if (rune is EndOfInput or '\n')
            {
                return Fail(unterminated);
            }
        }
    }

    private Token LexRawString()
    {
        while (true)
        {
            switch (Read())
            {
                case EndOfInput:
                    return Fail("unterminated raw quoted string");
                case '`':
                    return Emit(TokenKind.RawString);
            }
        }
    }

    private Token LexNumber()
    {
        if (!ScanNumber())
        {
            return BadNumber();
        }

        if (Peek() is not ('+' or '-'))
        {
            return Emit(TokenKind.Number);
        }

        return ScanNumber() && input[position - 1] == 'i' ? Emit(TokenKind.Complex) : BadNumber();
    }

    private Token BadNumber() => Fail($"bad number syntax: {GoQuote.Quote(GoString.Of(input.AsSpan(start, position - start)))}");

    private bool ScanNumber()
    {
        Accept("+-");
        var digits = DecimalDigits;
        if (Accept("0"))
        {
            digits = Accept("xX") ? HexDigits : Accept("oO") ? "01234567_" : Accept("bB") ? "01_" : DecimalDigits;
        }

        AcceptRun(digits);
        if (Accept("."))
        {
            AcceptRun(digits);
        }

        var exponent = digits == DecimalDigits ? "eE" : digits == HexDigits ? "pP" : "";
        if (Accept(exponent))
        {
            Accept("+-");
            AcceptRun(DecimalDigits);
        }

        Accept("i");
        if (!IsAlphanumeric(Peek()))
        {
            return true;
        }

        Read();
        return false;
    }

    private bool Accept(string valid)
    {
        var rune = Peek();
        if (rune is EndOfInput or > 0x7f || !valid.Contains((char)rune))
        {
            return false;
        }

        Read();
        return true;
    }

    private void AcceptRun(string valid)
    {
        while (Accept(valid))
        {
        }
    }

    /// <summary>Reads letters and digits; gives the rune after them, unread.</summary>
    private int ReadAlphanumerics()
    {
        while (IsAlphanumeric(Peek()))
        {
            Read();
        }

        return Peek();
    }

    private bool AtTerminator() =>
        Peek() is EndOfInput or '.' or ',' or '|' or ':' or ')' or '(' or ' ' or '\t' or '\r' or '\n' || Rest.StartsWith(rightDelimiter);

    private static bool IsAlphanumeric(int rune)
    {
        if (rune is EndOfInput or Runes.Error)
        {
            return false;
        }

        return rune == '_' || Rune.IsLetter(new Rune(rune)) || Rune.GetUnicodeCategory(new Rune(rune)) == UnicodeCategory.DecimalDigitNumber;
    }
}
