namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>In which styles libyaml lets a scalar be written (its analyze_scalar).</summary>
internal readonly struct ScalarShape
{
    public ScalarShape(IReadOnlyList<int> text)
    {
        var indicator = StartsLikeDocumentMark(text);
        var previous = -1;
        var special = false;
        var spaceThenBreak = false;
        var breakThenSpace = false;
        for (var i = 0; i < text.Count; i++)
        {
            var rune = text[i];
            var next = i + 1 < text.Count ? text[i + 1] : -1;
            indicator |= IsIndicator(rune, previous, IsBlank(next) || next < 0);
            special |= !IsPrintable(rune);
            IsMultiline |= IsBreak(rune);
            spaceThenBreak |= previous == ' ' && IsBreak(rune);
            breakThenSpace |= IsBreak(previous) && rune == ' ';
            previous = rune;
        }

        var edges = text.Count > 0 && (text[0] == ' ' || IsBreak(text[0]) || text[^1] == ' ' || IsBreak(text[^1]));
        AllowsPlain = !edges && !breakThenSpace && !spaceThenBreak && !special && !IsMultiline && !indicator;
        AllowsSingleQuoted = !breakThenSpace && !spaceThenBreak && !special;
        AllowsBlock = text.Count > 0 && text[^1] != ' ' && !spaceThenBreak && !special;
    }

    public bool IsMultiline { get; }

    public bool AllowsPlain { get; }

    public bool AllowsSingleQuoted { get; }

    public bool AllowsBlock { get; }

    public static bool IsBreak(int rune) => rune is '\r' or '\n' or 0x85 or 0x2028 or 0x2029;

    /// <summary>libyaml's printable: neither tab nor anything above the BMP is.</summary>
    public static bool IsPrintable(int rune) => rune is '\n' or (>= ' ' and <= '~') or (>= 0xA0 and < 0xD800) or (>= 0xE000 and < 0xFEFF) or (> 0xFEFF and < 0xFFFE);

    private static bool IsBlank(int rune) => rune is ' ' or '\t' || IsBreak(rune);

    private static bool StartsLikeDocumentMark(IReadOnlyList<int> text) =>
        text.Count >= 3 && text[0] is '-' or '.' && text.Count >= 3 && text[1] == text[0] && text[2] == text[0];

    private static bool IsIndicator(int rune, int previous, bool blankFollows) => rune switch
    {
        '#' => previous < 0 || IsBlank(previous),
        ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => previous < 0,
        '?' or '-' => previous < 0 && blankFollows,
        ':' => blankFollows,
        _ => false,
    };
}
