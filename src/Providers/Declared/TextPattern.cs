using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// Text with the names of variables in braces, such as <c>/v1/secrets/{ref.key:path}</c>; a doubled brace stands for itself. Nothing else: no
/// conditions and no calls, so that what a definition sends can be read off it.
/// </summary>
internal sealed class TextPattern
{
    private readonly IReadOnlyList<PatternPart> parts;

    private TextPattern(IReadOnlyList<PatternPart> parts) => this.parts = parts;

    public IEnumerable<string> Names => parts.Where(part => part.Name is not null).Select(part => part.Name!);

    /// <summary>Whether a variable's bytes stand in it as they are.</summary>
    public bool HasAsText(string name) => parts.Any(part => part.Name == name && part.Filter != PatternFilter.Base64);

    /// <summary>The variable that is all of the text; null when there is more, or less.</summary>
    public PatternPart? Single => parts is [{ Name: not null } only] ? only : null;

    /// <exception cref="FormatException">A brace without its other, or a filter that there is not.</exception>
    public static TextPattern Parse(string text)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var doubled = at + 1 < text.Length && text[at + 1] == text[at];
            if (text[at] is not ('{' or '}')) literal.Append(text[at]);
            else if (doubled) literal.Append(text[at++]);
            else if (text[at] == '}') throw new FormatException("\"}\" without a \"{\" before it; write \"}}\" for the character itself");
            else
            {
                var end = text.IndexOf('}', at);
                if (end < 0) throw new FormatException("\"{\" without a \"}\" after it; write \"{{\" for the character itself");
                if (literal.Length > 0) parts.Add(new(literal.ToString(), null, PatternFilter.None));
                literal.Clear();
                parts.Add(Variable(text[(at + 1)..end]));
                at = end;
            }
        }

        if (literal.Length > 0) parts.Add(new(literal.ToString(), null, PatternFilter.None));
        return new(parts);
    }

    /// <summary>Whether every variable is there and not empty.</summary>
    public bool IsComplete(Variables variables) => Names.All(variables.Has);

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: a variable is not there, or must not stand where it does.</exception>
    public void Write(Variables variables, SecretBuffer to, PatternPlace place = PatternPlace.Plain)
    {
        foreach (var part in parts)
        {
            if (part.Literal is { } text) to.Append(Encoding.UTF8.GetBytes(text));
            else PatternText.Write(part, variables.Need(part.Name!), to, parts.Count == 1 && place == PatternPlace.Server ? PatternPlace.Plain : place);
        }
    }

    /// <inheritdoc cref="Write"/>
    public string Text(Variables variables, PatternPlace place = PatternPlace.Plain)
    {
        using var text = new SecretBuffer();
        Write(variables, text, place);
        return Encoding.UTF8.GetString(text.Written);
    }

    private static PatternPart Variable(string text)
    {
        var (name, filter) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, "none");
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_')) throw new FormatException($"\"{{{text}}}\" is not the name of a variable");
        return new(null, name, filter switch
        {
            "none" => PatternFilter.None,
            "path" => PatternFilter.Path,
            "base64" => PatternFilter.Base64,
            "underscore" => PatternFilter.Underscore,
            "quoted" => PatternFilter.Quoted,
            "backslash" => PatternFilter.Backslash,
            "json" => PatternFilter.Json,
            "host" => PatternFilter.Host,
            _ => throw new FormatException($"\"{{{text}}}\": there is no filter \"{filter}\"; there are path, base64, underscore, backslash, quoted, host and json"),
        });
    }
}
