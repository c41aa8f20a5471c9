namespace GitOpsSecrets.Api.Tests;

/// <summary>Finds tests/vectors from wherever the test program runs, and refuses to find nothing.</summary>
internal static class Vectors
{
    public static string Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors", name);
            if (Directory.Exists(candidate)) return candidate;
        }
        throw new DirectoryNotFoundException($"tests/vectors/{name} is above no folder of {AppContext.BaseDirectory}");
    }

    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var files = Directory.GetFiles(Folder(folder), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new FileNotFoundException($"no {pattern} in tests/vectors/{folder}");
    }
}
