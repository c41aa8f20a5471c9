using System.Text;

namespace GitOpsSecrets.Seal.Cli.Git;

/// <summary>A repository with a work tree.</summary>
/// <param name="Root">Absolute path of its work tree.</param>
internal sealed record GitRepository(string Root)
{
    private const string Link = "120000";
    private const string Submodule = "160000";

    /// <summary>The repository that a folder lies in; null when there is none, or no git.</summary>
    public static async Task<GitRepository?> FindAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var (succeeded, output, _) = await GitProcess.RunAsync(folder, ["rev-parse", "--show-toplevel"], cancellationToken);
            return succeeded ? new GitRepository(Encoding.UTF8.GetString(output).TrimEnd('\r', '\n')) : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }

    /// <exception cref="CommandException">No repository, or git will not work with it.</exception>
    public static async Task<GitRepository> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var (succeeded, output, error) = await GitProcess.RunAsync(folder, ["rev-parse", "--show-toplevel"], cancellationToken);
        return succeeded ? new GitRepository(Encoding.UTF8.GetString(output).TrimEnd('\r', '\n')) : throw new CommandException($"git: {error}");
    }

    /// <summary>Paths from the folder of what git tracks or would track below it: what .gitignore names is left out.</summary>
    public static Task<IReadOnlyList<string>> FilesAsync(string folder, CancellationToken cancellationToken) =>
        GitProcess.ListAsync(folder, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], cancellationToken);

    /// <summary>Path (from the root) and object of each file that is staged and differs from the last commit.</summary>
    public Task<IReadOnlyList<(string Path, string Id)>> StagedAsync(CancellationToken cancellationToken) =>
        ChangesAsync(["diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--diff-filter=AMT"], cancellationToken);

    /// <summary>Path and object of every version of every file in any commit of any branch or tag; each pair once.</summary>
    public async Task<IReadOnlyList<(string Path, string Id)>> HistoryAsync(CancellationToken cancellationToken) =>
    [
        .. (await ChangesAsync(["log", "--all", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--diff-filter=AMT", "--format="], cancellationToken)).Distinct(),
    ];

    /// <summary>The first commit that brought an object; null when that cannot be told.</summary>
    public async Task<string?> CommitOfAsync(string id, CancellationToken cancellationToken)
    {
        var (succeeded, output, _) = await GitProcess.RunAsync(Root, ["log", "--all", "--no-ext-diff", "--no-textconv", "--format=%H", $"--find-object={id}"], cancellationToken);
        return succeeded ? Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() : null;
    }

    /// <summary>Whether a word names a commit.</summary>
    public async Task<bool> IsRevisionAsync(string word, CancellationToken cancellationToken) =>
        (await GitProcess.RunAsync(Root, ["rev-parse", "--verify", "--quiet", "--end-of-options", word + "^{commit}"], cancellationToken)).Succeeded;

    /// <summary>Files that differ between two revisions, or one and the index or the work tree.</summary>
    /// <param name="revisions">Checked before: none begins with a dash.</param>
    /// <param name="folder">Paths start there.</param>
    public static async Task<IReadOnlyList<GitChange>> DifferencesAsync(string folder, bool staged, IEnumerable<string> revisions, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        string[] arguments = ["diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", .. staged ? ["--cached"] : Array.Empty<string>(), .. revisions, "--", .. paths];
        var changes = await RecordsAsync(folder, arguments, cancellationToken);
        return [.. changes.Select(change => new GitChange(change.Path, Existing(change.Fields[2]), Existing(change.Fields[3]), change.Fields[4].StartsWith('D')))];
    }

    private static string? Existing(string id) => id.All(c => c == '0') ? null : id;

    private async Task<IReadOnlyList<(string Path, string Id)>> ChangesAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        [.. (await RecordsAsync(Root, arguments, cancellationToken)).Select(change => (change.Path, change.Fields[3]))];

    // ":oldmode newmode oldid newid status", then the path, each ended by a zero byte.
    private static async Task<IReadOnlyList<(string Path, string[] Fields)>> RecordsAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var words = await GitProcess.ListAsync(folder, arguments, cancellationToken);
        var found = new List<(string, string[])>();
        for (var i = 0; i + 1 < words.Count; i++)
        {
            // Between commits a log has line ends of its own.
            var fields = words[i].TrimStart('\n').Split(' ');
            if (fields.Length != 5 || fields[0] is not [':', ..]) continue;
            i++;
            if (fields[1] is not (Link or Submodule)) found.Add((words[i], fields));
        }
        return found;
    }
}
