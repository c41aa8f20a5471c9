using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>
/// Cuts a template into tokens, one at a time because <c>define</c> hands the same lexer from parser to parser.
/// After an error token there is only <see cref="TokenKind.End"/>.
/// </summary>
internal sealed partial class Lexer
{
    private const int EndOfInput = -1;
    private const int TrimMarkerLength = 2;

    private readonly byte[] leftDelimiter;
    private readonly byte[] rightDelimiter;
    private byte[] input;
    private int position;
    private int start;
    private int line = 1;
    private int startLine = 1;
    private int parenthesisDepth;
    private bool atEnd;
    private bool insideAction;

    public Lexer(GoString text, GoString left, GoString right)
    {
        input = text.Span.ToArray();
        leftDelimiter = left.Span.ToArray();
        rightDelimiter = right.Span.ToArray();
    }

    private delegate bool Predicate(int rune);

    private ReadOnlySpan<byte> Rest => input.AsSpan(position);

    public Token Next() => insideAction ? LexInsideAction() : LexText();

    private Token LexText()
    {
        while (true)
        {
            var found = Rest.IndexOf(leftDelimiter);
            if (found < 0)
            {
                return LexLastText();
            }

            if (found > 0 && TextBefore(found) is { } text)
            {
                return text;
            }

            var trims = HasLeftTrimMarker(input.AsSpan(position + leftDelimiter.Length));
            var afterDelimiter = position + leftDelimiter.Length + (trims ? TrimMarkerLength : 0);
            if (!input.AsSpan(afterDelimiter).StartsWith("/*"u8))
            {
                return LexLeftDelimiter(afterDelimiter);
            }

            position = afterDelimiter;
            Ignore();
            if (SkipComment() is { } error)
            {
                return error;
            }
        }
    }

    private Token LexLastText()
    {
        position = input.Length;
        if (position > start)
        {
            line += CountLines(start, position);
            return Emit(TokenKind.Text);
        }

        return Emit(TokenKind.End);
    }

    private Token? TextBefore(int length)
    {
        position += length;
        var trimmed = HasLeftTrimMarker(input.AsSpan(position + leftDelimiter.Length)) ? TrailingSpace(input.AsSpan(start, position - start)) : 0;
        position -= trimmed;
        line += CountLines(start, position);
        var text = Emit(TokenKind.Text);
        position += trimmed;
        Ignore();
        return text.Value.Length > 0 ? text : null;
    }

    private Token LexLeftDelimiter(int afterDelimiter)
    {
        position += leftDelimiter.Length;
        var token = Emit(TokenKind.LeftDelimiter);
        insideAction = true;
        parenthesisDepth = 0;
        position = afterDelimiter;
        Ignore();
        return token;
    }

    private Token? SkipComment()
    {
        position += 2;
        var end = Rest.IndexOf("*/"u8);
        if (end < 0)
        {
            return Fail("unclosed comment");
        }

        position += end + 2;
        if (!AtRightDelimiter(out var trims))
        {
            return Fail("comment ends before closing delimiter");
        }

        position += rightDelimiter.Length + (trims ? TrimMarkerLength : 0);
        if (trims)
        {
            position += LeadingSpace(Rest);
        }

        Ignore();
        return null;
    }

    private Token LexRightDelimiter()
    {
        AtRightDelimiter(out var trims);
        if (trims)
        {
            position += TrimMarkerLength;
            Ignore();
        }

        position += rightDelimiter.Length;
        var token = Emit(TokenKind.RightDelimiter);
        if (trims)
        {
            position += LeadingSpace(Rest);
            Ignore();
        }

        insideAction = false;
        return token;
    }

    private bool AtRightDelimiter(out bool trims)
    {
        var rest = Rest;
        trims = HasRightTrimMarker(rest) && rest[TrimMarkerLength..].StartsWith(rightDelimiter);
        return trims || rest.StartsWith(rightDelimiter);
    }

    private Token Emit(TokenKind kind)
    {
        var token = new Token(kind, start, GoString.Of(input.AsSpan(start, position - start)), startLine);
        start = position;
        startLine = line;
        return token;
    }

    private void Ignore()
    {
        line += CountLines(start, position);
        start = position;
        startLine = line;
    }

    private Token Fail(string message)
    {
        var token = new Token(TokenKind.Error, start, GoString.Of(message), startLine);
        input = [];
        start = 0;
        position = 0;
        insideAction = false;
        return token;
    }

    private int Read()
    {
        var (rune, width) = Runes.Decode(Rest);
        if (width == 0)
        {
            atEnd = true;
            return EndOfInput;
        }

        position += width;
        line += rune == '\n' ? 1 : 0;
        return rune;
    }

    private int Peek()
    {
        var (rune, width) = Runes.Decode(Rest);
        return width == 0 ? EndOfInput : rune;
    }

    private void StepBack()
    {
        if (atEnd || position == 0)
        {
            return;
        }

        var (rune, width) = Runes.DecodeLast(input.AsSpan(0, position));
        position -= width;
        line -= rune == '\n' ? 1 : 0;
    }

    private int CountLines(int from, int to) => input.AsSpan(from, to - from).Count((byte)'\n');

    private static bool IsSpace(int rune) => rune is ' ' or '\t' or '\r' or '\n';

    private static bool HasLeftTrimMarker(ReadOnlySpan<byte> span) => span.Length >= TrimMarkerLength && span[0] == '-' && IsSpace(span[1]);

    private static bool HasRightTrimMarker(ReadOnlySpan<byte> span) => span.Length >= TrimMarkerLength && IsSpace(span[0]) && span[1] == '-';

    private static int LeadingSpace(ReadOnlySpan<byte> span) => span.Length - span.TrimStart(" \t\r\n"u8).Length;

    private static int TrailingSpace(ReadOnlySpan<byte> span) => span.Length - span.TrimEnd(" \t\r\n"u8).Length;
}
