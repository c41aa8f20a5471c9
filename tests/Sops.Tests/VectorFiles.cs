namespace GitOpsSecrets.Sops.Tests;

/// <summary>Finds <c>tests/vectors</c> from wherever the tests run. Fails when there is none: a suite without vectors proves nothing.</summary>
internal static class VectorFiles
{
    public static string Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors", name);
            if (Directory.Exists(candidate)) return candidate;
        }
        throw new DirectoryNotFoundException($"tests/vectors/{name} is not above {AppContext.BaseDirectory}");
    }

    public static byte[] Read(string folder, string relative) => File.ReadAllBytes(Path.Combine(Folder(folder), relative));
}
