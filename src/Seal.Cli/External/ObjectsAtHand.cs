using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.External;

/// <summary>The objects of a stream, and of files beside it, by kind and name. What says no namespace is found from every one, as it has none yet.</summary>
internal sealed class ObjectsAtHand
{
    private readonly Dictionary<(string Kind, string Name), List<ManifestObject>> _objects = [];

    /// <summary>What is encrypted is passed over. Of two that are the same, the first counts.</summary>
    public void Add(ManifestObject source)
    {
        if (source.Kind is not { } kind || source.Node.ContainsKey("sops") || source.Node["metadata"]?["name"].AsText() is not { } name) return;
        if (!_objects.TryGetValue((kind, name), out var known)) _objects[(kind, name)] = known = [];
        known.Add(source);
    }

    /// <param name="space">Null when it is not known, or the kind has none.</param>
    public ManifestObject? Find(ObjectKind kind, string? space, string name)
    {
        if (!_objects.TryGetValue((kind.Name, name), out var known)) return null;
        if (!kind.IsNamespaced || space is null) return known[0];
        return known.FirstOrDefault(source => SpaceOf(source) == space) ?? known.FirstOrDefault(source => SpaceOf(source) is null);
    }

    private static string? SpaceOf(ManifestObject source) => source.Node["metadata"]?["namespace"].AsText() is { Length: > 0 } space ? space : null;
}
