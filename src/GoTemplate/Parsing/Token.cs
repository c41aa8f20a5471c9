using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <param name="Position">Byte offset in the template.</param>
/// <param name="Value">The source bytes; for <see cref="TokenKind.Error"/> the message.</param>
/// <param name="Line">From 1: the line the token starts on.</param>
internal sealed record Token(TokenKind Kind, int Position, GoString Value, int Line)
{
    private const int ShownLength = 10;

    public string Text => Value.ToText();

    /// <summary>The token as Go's parse errors show it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Error => Text,
        > TokenKind.Keyword => $"<{Text}>",
        _ when Value.Length > ShownLength => GoQuote.Quote(Runes.Truncate(Value, ShownLength)) + "...",
        _ => GoQuote.Quote(Value),
    };
}
