using System.Text.RegularExpressions;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Commands;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Whatever a page says to type is a command that there is, with flags that it has: in blocks, in indented lines, in the middle of a sentence.</summary>
public sealed partial class DocumentedSpellingTests
{
    // Where a command ends for a shell, and where a page begins to explain it.
    private static readonly string[] Ends = ["|", ">", "<", ">>", "&&", "||", ";", "#", "…", "\\"];

    public static TheoryData<string> Pages()
    {
        string[] folders = ["docs", "docs/providers", ".", "deploy/helm/gitopssecrets"];
        var pages = folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Shell.Repository, folder), "*.md")).Select(page => Path.GetRelativePath(Shell.Repository, page))
            .Where(page => Path.GetFileName(page) != "CHANGELOG.md" && CommandsOf(page).Count > 0).Order(StringComparer.Ordinal).ToList();
        return pages.Count > 10 ? [.. pages] : throw new InvalidOperationException("the pages are not where they were");
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_command_and_flag_of_the_page_is_there(string page)
    {
        var wrong = CommandsOf(page).Select(Mistake).Where(mistake => mistake is not null).ToList();
        Assert.True(wrong.Count == 0, $"{page}:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void What_is_misspelt_is_found()
    {
        Assert.NotNull(Mistake("seal rendr x"));
        Assert.NotNull(Mistake("seal render --no-such-flag x"));
        Assert.NotNull(Mistake("seal --no-such-flag < x"));
        Assert.Null(Mistake("seal render --krm < x"));
    }

    private static string? Mistake(string command)
    {
        if (ShellWords.Split(command.Replace("…", " … ", StringComparison.Ordinal)) is not [_, .. var rest]) return null;
        var words = rest.TakeWhile(word => !Ends.Contains(word)).ToList();
        // "seal sops", "seal sops COMMAND": of all of them.
        if (words.Count == 0 || (CommandCatalog.All.Any(known => known.Name.StartsWith(words[0] + " ", StringComparison.Ordinal)) && (words.Count == 1 || words[1] == "COMMAND"))) return null;
        if (words[0] == "COMMAND" || words[0] == "help") return null;
        try
        {
            if (words[0].StartsWith('-'))
            {
                _ = new FlagParser(RootFlags.Groups).Parse(words, _ => null);
                return null;
            }

            IReadOnlyList<string> modern = words[0] == SopsSpelling.Word ? SopsSpelling.Modern(words) : words;
            var known = CommandCatalog.All.FirstOrDefault(known => modern.Take(known.Name.Split(' ').Length).SequenceEqual(known.Name.Split(' ')));
            if (known is null) return $"{command}: no such command";
            _ = new FlagParser([.. known.Flags, new("General", [new Flag("help", FlagKind.Toggle, "")])]).Parse([.. modern.Skip(known.Name.Split(' ').Length)], _ => null);
            return null;
        }
        catch (UsageException failure)
        {
            return $"{command}: {failure.Message}";
        }
    }

    private static List<string> CommandsOf(string page)
    {
        var text = File.ReadAllText(Path.Combine(Shell.Repository, page));
        return [.. Inline().Matches(text).Concat(Line().Matches(text)).Select(match => match.Groups[1].Value.Trim()).Where(command => command.Contains(' ', StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"`((?:kube)?seal [^`\n]+)`")]
    private static partial Regex Inline();

    // In a block or an indented line: at its start, behind a prompt, or behind a pipe.
    [GeneratedRegex(@"^(?:    |\t|\$ )?(?:[^|`\n]* \| )?((?:kube)?seal (?:-|[a-z]+ |[a-z]+$)[^\n`]*)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
