namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>
/// Three tokens of look-ahead over a lexer. <see cref="Line"/> is the line of the token read last, which is the line Go reports.
/// </summary>
internal sealed class TokenBuffer(Lexer lexer)
{
    private readonly Token[] tokens = new Token[3];
    private int peeked;

    public int Line => tokens[0]?.Line ?? 1;

    /// <summary>Byte offset of that token.</summary>
    public int Position => tokens[0]?.Position ?? 0;

    public Token Next()
    {
        if (peeked > 0)
        {
            peeked--;
        }
        else
        {
            tokens[0] = lexer.Next();
        }

        return tokens[peeked];
    }

    public void Back() => peeked++;

    public void Back(Token before)
    {
        tokens[1] = before;
        peeked = 2;
    }

    public void Back(Token first, Token second)
    {
        tokens[1] = second;
        tokens[2] = first;
        peeked = 3;
    }

    public Token Peek()
    {
        if (peeked == 0)
        {
            tokens[0] = lexer.Next();
            peeked = 1;
        }

        return tokens[peeked - 1];
    }

    public Token NextNonSpace()
    {
        Token token;
        do
        {
            token = Next();
        }
        while (token.Kind == TokenKind.Space);

        return token;
    }

    public Token PeekNonSpace()
    {
        var token = NextNonSpace();
        Back();
        return token;
    }
}
