using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>The definition that docs/providers/declared.md shows, in a folder as a mounted ConfigMap is one.</summary>
internal sealed partial class OwnGuide : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("definitions-");

    public OwnGuide()
    {
        var guide = File.ReadAllText(Path.Combine(Recordings.Root(), "docs", "providers", "declared.md"));
        File.WriteAllText(Path.Combine(folder.FullName, "acme.yaml"), Block().Match(guide).Groups[1].Value);
    }

    public string Folder => folder.FullName;

    public OwnDefinitions Definitions => OwnDefinitions.Read(folder.FullName);

    public void Dispose() => folder.Delete(recursive: true);

    [GeneratedRegex("^```yaml acme.yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
