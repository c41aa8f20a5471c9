using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>SealedSecrets, Secrets and SopsSecrets of two versions of a file, paired by kind, namespace and name; one that is left on each side was renamed.</summary>
internal static class ObjectComparison
{
    public static IEnumerable<Difference> Run(IReadOnlyList<ManifestObject> before, IReadOnlyList<ManifestObject> after) =>
        Pair(before, after, SealedSecret.SealedSecretKind).SelectMany(pair => SealedComparison.Run(pair.Before, pair.After))
            .Concat(Pair(before, after, Secret.SecretKind).SelectMany(pair => PlainComparison.Run(pair.Before, pair.After)))
            .Concat(Pair(before, after, SopsSecret.SopsSecretKind).SelectMany(pair => SopsSecretComparison.Run(pair.Before, pair.After)));

    private static List<(ManifestObject? Before, ManifestObject? After)> Pair(IReadOnlyList<ManifestObject> before, IReadOnlyList<ManifestObject> after, string kind)
    {
        var old = before.Where(source => source.Kind == kind).ToList();
        var pairs = new List<(ManifestObject?, ManifestObject?)>();
        var added = new List<ManifestObject>();
        foreach (var now in after.Where(source => source.Kind == kind))
        {
            var match = old.FindIndex(source => ManifestPlace.Describe(source.Node) == ManifestPlace.Describe(now.Node));
            if (match < 0) added.Add(now);
            else
            {
                pairs.Add((old[match], now));
                old.RemoveAt(match);
            }
        }
        if (old is [var renamed] && added is [var to]) return [.. pairs, (renamed, to)];
        return [.. pairs, .. old.Select(source => ((ManifestObject?)source, (ManifestObject?)null)), .. added.Select(source => ((ManifestObject?)null, (ManifestObject?)source))];
    }
}
