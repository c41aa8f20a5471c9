namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>Finds manifests under files and folders.</summary>
internal static class ManifestFiles
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>The files named, and every manifest below the folders named; hidden folders, links to folders, pipes and devices are passed over.</summary>
    /// <returns>Paths as the user would write them, sorted within a folder, each file once, by its own name where links to it are there too.</returns>
    /// <exception cref="CommandException">A path that does not exist or a folder that cannot be read.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> paths)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) Walk(new DirectoryInfo(path), path, found);
            else if (File.Exists(path)) found.Add(path);
            else throw new CommandException($"open {path}: no such file or directory");
        }
        return [.. found.GroupBy(Place).Select(names => names.FirstOrDefault(name => new FileInfo(name).LinkTarget is null) ?? names.First())];
    }

    /// <summary>Where the file is: a link and the file it leads to are one.</summary>
    private static string Place(string path)
    {
        try
        {
            return (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName) ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path); // leads in circles; reading it says so
        }
    }

    private static void Walk(DirectoryInfo folder, string path, List<string> found)
    {
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                if (entry.Name.StartsWith('.')) continue;
                var name = Path.Combine(path, entry.Name);
                if (entry is DirectoryInfo child)
                {
                    if (child.LinkTarget is null) Walk(child, name, found);
                }
                else if (Extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase) && !SpecialFile.Is(name)) found.Add(name); // a pipe may never end
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"open {path}: {FileProblem.Describe(failure)}", failure);
        }
    }
}
