using System.Text;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a SopsSecret that is not itself encrypted: the file that it carries as text, or its templates in plain text.</summary>
internal static class SopsSecretComparison
{
    private const string Place = "spec.document";

    public static IEnumerable<Difference> Run(ManifestObject? before, ManifestObject? after)
    {
        var (was, becomes) = (Carried(before), Carried(after));
        if (was is null && becomes is null) return PlainComparison.Run(before, after);
        var subject = ManifestPlace.Describe((after ?? before)!.Node);
        return FileComparison.Run(subject, was ?? Whole(before), becomes ?? Whole(after)).Changes.Select(change => change with { Subject = $"{subject}: {Place}: {change.Subject}" });
    }

    /// <summary>The text of a version that is one SopsSecret which carries one; else null.</summary>
    public static FileVersion? OnlyCarried(FileVersion version)
    {
        try
        {
            return version.Content is { } bytes && Manifest.Read(bytes, version.Source).Objects is [var only] ? Carried(only) : null;
        }
        catch (ManifestException)
        {
            return null;
        }
    }

    private static FileVersion Whole(ManifestObject? source) => new($"{source}", source is null ? null : Encoding.UTF8.GetBytes(source.Node.ToJsonString()));

    private static FileVersion? Carried(ManifestObject? source)
    {
        if (source is null || SopsSecretManifest.Carried(source.Node) is not { } text) return null;
        var extension = SopsSecretManifest.CarriedFormat(source.Node) == SopsFormat.Json ? ".json" : ".yaml";
        return new FileVersion($"{source}: {Place}{extension}", Encoding.UTF8.GetBytes(text));
    }
}
