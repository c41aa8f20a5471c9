namespace GitOpsSecrets.TestClusters;

/// <summary>The source tree that the running program was built from.</summary>
public static class RepositoryFolder
{
    private const string Mark = "GitOpsSecrets.sln";

    public static string Path { get; } = Find();

    /// <summary>A file or folder of it.</summary>
    public static string Of(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Mark))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"{Mark} is above no folder of {AppContext.BaseDirectory}");
    }
}
