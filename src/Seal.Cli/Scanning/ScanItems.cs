using System.Collections.Frozen;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Git;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>What a scan goes over: files on disk, the index, or all that was ever committed.</summary>
internal static class ScanItems
{
    /// <summary>Files, and below folders everything but .git; in a repository, all that .gitignore does not name.</summary>
    /// <returns>The items, and the full paths of what the repository holds, where there is one.</returns>
    public static async Task<(IReadOnlyList<ScanItem> Items, FrozenSet<string>? Tracked)> OnDiskAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var repository = false;
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                if (await GitRepository.FindAsync(path, cancellationToken) is not null)
                {
                    repository = true;
                    found.AddRange((await GitRepository.FilesAsync(path, cancellationToken)).Select(name => path == "." ? name : Path.Combine(path, name)));
                }
                else Walk(path, path == "." ? "" : path, found);
            }
            else if (File.Exists(path)) found.Add(path);
            else throw new CommandException($"open {path}: no such file or directory");
        }
        var items = found.Distinct(StringComparer.Ordinal).Select(path => new ScanItem(path.Replace('\\', '/'), Path.GetFullPath(path), () => ReadFile(path))).ToList();
        return (items, repository ? items.Select(item => item.FullPath).ToFrozenSet(StringComparer.Ordinal) : null);
    }

    public static async Task<IReadOnlyList<ScanItem>> StagedAsync(GitRepository repository, GitObjects objects, CancellationToken cancellationToken) =>
        Items(repository, objects, await repository.StagedAsync(cancellationToken));

    public static async Task<IReadOnlyList<ScanItem>> HistoryAsync(GitRepository repository, GitObjects objects, CancellationToken cancellationToken) =>
        Items(repository, objects, await repository.HistoryAsync(cancellationToken));

    private static List<ScanItem> Items(GitRepository repository, GitObjects objects, IReadOnlyList<(string Path, string Id)> found)
    {
        return [.. found.Select(entry => new ScanItem(entry.Path, Path.GetFullPath(Path.Combine(repository.Root, entry.Path)), () => ReadObject(objects, entry.Id), entry.Id))];
    }

    private static ScanContent ReadObject(GitObjects objects, string id)
    {
        var isWhole = objects.TryRead(id, ScannedFile.MaxBytes, out var content, ScannedFile.Probe);
        return new ScanContent(content, !isWhole);
    }

    private static ScanContent ReadFile(string path)
    {
        var file = new FileInfo(path);
        // Links are read where they lead, if that is in the repository; pipes and devices never end.
        if (!file.Exists || file.LinkTarget is not null || (file.Attributes & FileAttributes.Directory) != 0 || SpecialFile.Is(path)) return default;
        return file.Length > ScannedFile.MaxBytes ? new ScanContent(InputFile.ReadBegin(path, ScannedFile.Probe), IsTooLarge: true) : new ScanContent(InputFile.Read(path));
    }

    private static void Walk(string folder, string shown, List<string> found)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                if (entry.LinkTarget is not null || entry.Name == ".git") continue;
                if (entry is DirectoryInfo) Walk(entry.FullName, Path.Combine(shown, entry.Name), found);
                else found.Add(Path.Combine(shown, entry.Name));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"open {folder}: {FileProblem.Describe(failure)}", failure);
        }
    }
}
