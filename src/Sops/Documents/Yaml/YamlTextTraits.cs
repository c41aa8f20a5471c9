namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>Which styles a text may be written in, by the rules of libyaml's emitter (which go-yaml follows) in block context.</summary>
internal sealed record YamlTextTraits(bool PlainAllowed, bool SingleQuotesAllowed, bool BlockAllowed)
{
    public static YamlTextTraits Of(string text)
    {
        if (text.Length == 0) return new YamlTextTraits(false, true, false);
        // Unicode's line separators are line breaks for some readers and text for others.
        var special = text.EnumerateRunes().Any(r => r.Value != '\t' && (!IsPrintable(r.Value) || r.Value is 0x2028 or 0x2029));
        var tabs = text.Contains('\t', StringComparison.Ordinal);
        var breaks = text.Contains('\n', StringComparison.Ordinal);
        var spaceBeforeBreak = text.Contains(" \n", StringComparison.Ordinal);
        var outerSpace = text[0] is ' ' || text[^1] is ' ';
        return new YamlTextTraits(
            PlainAllowed: !special && !tabs && !breaks && !outerSpace && !HasIndicator(text),
            SingleQuotesAllowed: !special && !tabs && !breaks,
            // A literal block cannot show that its first line begins with a tab or that a line before a break ends with a space.
            BlockAllowed: !special && !spaceBeforeBreak && text[^1] != ' ' && text[0] != '\t' && text.AsSpan().ContainsAnyExcept(' ', '\n'));
    }

    /// <summary>Characters that libyaml writes as they are: no control characters, no byte order mark, nothing beyond the basic plane.</summary>
    public static bool IsPrintable(int value) =>
        value is '\n' or (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF);

    private static bool HasIndicator(string text)
    {
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)) return true;
        if (text[0] is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`') return true;
        if (text[0] is '?' or '-' && IsBlankAt(text, 1)) return true;
        // Not libyaml's rule: as a key, "x *" would be read wrongly by YamlDotNet, which takes the last word for an alias.
        if (text[Math.Max(0, text.LastIndexOf(' '))..] is [' ', '*', ..]) return true;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && IsBlankAt(text, i + 1)) return true;
            if (text[i] == '#' && text[i - 1] is ' ' or '\t') return true;
        }
        return false;
    }

    private static bool IsBlankAt(string text, int index) => index >= text.Length || text[index] is ' ' or '\t' or '\n';
}
