namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>A file in a folder of its own, gone with the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public TemporaryFile(string content, string extension = ".txt")
    {
        Path = System.IO.Path.Combine(folder.FullName, "file" + extension);
        File.WriteAllText(Path, content);
    }

    public string Path { get; }

    public void Dispose() => folder.Delete(recursive: true);
}
