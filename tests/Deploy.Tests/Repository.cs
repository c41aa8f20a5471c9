using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The repository that the test program was built from; its files are what is tested here.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryFolder.Path;

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
}
