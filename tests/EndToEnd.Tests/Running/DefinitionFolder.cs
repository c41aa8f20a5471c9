using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>A folder with the definition of docs/providers/declared.md, laid out as a mounted ConfigMap is: the file is a link into a folder that the kubelet swaps.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    private const string File = "acme.yaml";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("definitions-");

    public DefinitionFolder()
    {
        var version = System.IO.Path.Combine(Path, "..2026_11_29");
        Directory.CreateDirectory(version);
        System.IO.File.WriteAllText(System.IO.Path.Combine(version, File), Block(System.IO.File.ReadAllText(RepositoryFolder.Of("docs", "providers", "declared.md")), "yaml " + File));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, "..data"), "..2026_11_29");
        System.IO.File.CreateSymbolicLink(System.IO.Path.Combine(Path, File), System.IO.Path.Combine("..data", File));
    }

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>The first fenced block of a page that is marked so.</summary>
    public static string Block(string page, string mark)
    {
        var start = page.IndexOf($"```{mark}\n", StringComparison.Ordinal) + mark.Length + "```\n".Length;
        return page[start..(page.IndexOf("\n```", start, StringComparison.Ordinal) + 1)];
    }
}
