using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.House.Tests;

/// <summary>The source tree that this test program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryFolder.Path;

    public static IEnumerable<string> SourceFiles(string folder) =>
        NotEmpty(folder, Directory.GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories));

    public static IEnumerable<string> Projects(string folder) =>
        NotEmpty(folder, Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string[] NotEmpty(string folder, string[] files) =>
        files.Length > 0 ? files : throw new InvalidOperationException($"nothing found in {folder}: this check would prove nothing");
}
