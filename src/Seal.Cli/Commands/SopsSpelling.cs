namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary>
/// The original's older spellings, which most scripts still have: <c>sops -d FILE</c> is <c>sops decrypt FILE</c>, and <c>sops FILE</c> is
/// <c>sops edit FILE</c>.
/// </summary>
internal static class SopsSpelling
{
    public const string Word = "sops";

    private static readonly Dictionary<string, string> Flags = new(StringComparer.Ordinal)
    {
        ["-d"] = "decrypt",
        ["--decrypt"] = "decrypt",
        ["-e"] = "encrypt",
        ["--encrypt"] = "encrypt",
        ["-r"] = "rotate",
        ["--rotate"] = "rotate",
    };

    /// <param name="arguments">Beginning with <c>sops</c>.</param>
    /// <returns>With a subcommand, if one can be made out.</returns>
    public static IReadOnlyList<string> Modern(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || CommandCatalog.All.Any(command => command.Name == $"{Word} {arguments[1]}")) return arguments;
        List<string> rest = [.. arguments.Skip(1).SelectMany(Separate)];
        var at = rest.FindIndex(Flags.ContainsKey);
        if (at >= 0)
        {
            var command = Flags[rest[at]];
            rest.RemoveAt(at);
            return [Word, command, .. rest];
        }
        // A word that is no subcommand is a file to edit, if it looks like one: a mistyped subcommand must not become a file's name.
        return rest.Any(word => word[0] != '-' && (word.Contains('.') || word.Contains('/') || File.Exists(word))) ? [Word, "edit", .. rest] : arguments;
    }

    // "-di" is "-d -i".
    private static IEnumerable<string> Separate(string argument) =>
        argument is ['-', 'd' or 'e' or 'r', 'i'] ? [argument[..2], "-i"] : argument is ['-', 'i', 'd' or 'e' or 'r'] ? ["-" + argument[2], "-i"] : [argument];
}
