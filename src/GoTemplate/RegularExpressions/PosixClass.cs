namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary><c>[:alpha:]</c> and its kin: ASCII only.</summary>
internal static class PosixClass
{
    public static RuneMatcher? Find(string name)
    {
        var isNegated = name.StartsWith("[:^", StringComparison.Ordinal);
        var matcher = Named(name[(isNegated ? 3 : 2)..^2]);
        if (matcher is not null)
        {
            matcher.IsNegated = isNegated;
        }

        return matcher;
    }

    private static RuneMatcher? Named(string name) => name switch
    {
        "alnum" => new RuneMatcher().Add('0', '9').Add('A', 'Z').Add('a', 'z'),
        "alpha" => new RuneMatcher().Add('A', 'Z').Add('a', 'z'),
        "ascii" => new RuneMatcher().Add(0, 0x7F),
        "blank" => new RuneMatcher().Add('\t', '\t').Add(' ', ' '),
        "cntrl" => new RuneMatcher().Add(0, 0x1F).Add(0x7F, 0x7F),
        "digit" => new RuneMatcher().Add('0', '9'),
        "graph" => new RuneMatcher().Add('!', '~'),
        "lower" => new RuneMatcher().Add('a', 'z'),
        "print" => new RuneMatcher().Add(' ', '~'),
        "punct" => new RuneMatcher().Add('!', '/').Add(':', '@').Add('[', '`').Add('{', '~'),
        "space" => new RuneMatcher().Add('\t', '\r').Add(' ', ' '),
        "upper" => new RuneMatcher().Add('A', 'Z'),
        "word" => new RuneMatcher().Add('0', '9').Add('A', 'Z').Add('a', 'z').Add('_', '_'),
        "xdigit" => new RuneMatcher().Add('0', '9').Add('A', 'F').Add('a', 'f'),
        _ => null,
    };
}
