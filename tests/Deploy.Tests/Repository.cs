namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The repository that the test program was built from; its files are what is tested here.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <returns>Paths relative to <see cref="Root"/>, with forward slashes, in order; never empty.</returns>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var files = Directory.GetFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal)) // of the policies' check, where somebody installed it
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files : throw new FileNotFoundException($"no {pattern} in {folder}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GitOpsSecrets.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"GitOpsSecrets.sln is above no folder of {AppContext.BaseDirectory}");
    }
}
