using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The <c>.sops.yaml</c> that counts for a file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Rules">What it says.</param>
internal sealed record RulesFile(string Path, CreationRules Rules)
{
    private const int MinIndent = 2;
    private const int MaxIndent = 9;

    /// <param name="flags">May name it.</param>
    /// <param name="file">The nearest one from this file's folder upward counts; <c>null</c> for the working folder.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="CommandException">It is named and not there, or malformed.</exception>
    public static RulesFile? Find(ParsedFlags flags, string? file)
    {
        var named = flags.TextOrNull(SopsFlags.Config) ?? PrivateKeys.Variable("SOPS_CONFIG");
        var path = named ?? CreationRules.FindFile(file is null ? "." : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
        if (path is null) return null;
        var shown = named ?? System.IO.Path.GetRelativePath(".", path);
        return new RulesFile(path, SopsProblem.Tell(shown, () => CreationRules.Parse(InputFile.Read(path))));
    }

    /// <returns>Null when no rule is for the file.</returns>
    public CreationRule? Match(string? file)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        return Rules.Match(file is null ? "" : System.IO.Path.GetRelativePath(folder, System.IO.Path.GetFullPath(file)).Replace('\\', '/'));
    }

    /// <summary>How to lay text out. Reading and changing a file must not fail over rules that only matter for new ones.</summary>
    public static SopsLayout Layout(ParsedFlags flags, string? file)
    {
        var layout = SopsLayout.Default;
        try
        {
            layout = Find(flags, file)?.Rules.Layout ?? layout;
        }
        catch (CommandException)
        {
            // Who encrypts is told.
        }
        if (!flags.Given(SopsFlags.Indent)) return layout;
        return int.TryParse(flags.Text(SopsFlags.Indent), out var indent) && indent is >= MinIndent and <= MaxIndent
            ? new SopsLayout(indent, indent)
            : throw new UsageException($"--indent takes {MinIndent} to {MaxIndent}");
    }
}
