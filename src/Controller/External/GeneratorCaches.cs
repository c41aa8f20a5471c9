using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// Which edition of each generator there is. There are many kinds, and most clusters use two: a kind is watched from the first time that somebody names it on. What a
/// generator says is read when it is used.
/// </summary>
internal sealed class GeneratorCaches
{
    private readonly GeneratorCatalog catalog;
    private readonly MetadataWatches watches;

    public GeneratorCaches(KubeClient kube, GeneratorCatalog catalog, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        this.catalog = catalog;
        watches = new MetadataWatches(kube, options.Namespaces, Slim, time, logger);
        watches.Changed += (kind, change) =>
        {
            // One that is gone made the values while it was there. One that comes back is the same unless it says so.
            if (change.New is { } now && now.Generation != change.Old?.Generation) Changed?.Invoke(kind, change.Key);
        };
    }

    /// <summary>A generator is there, or says another thing than before. Raised on the watch's thread.</summary>
    public event Action<string, NamespacedName>? Changed;

    public void Follow(IEnumerable<GeneratorRef> references)
    {
        foreach (var reference in references) if (IsKnown(reference.Kind)) watches.Follow(reference.Kind, () => ResourceOf(reference.Kind));
    }

    /// <summary>The generators as they are now; of those that no watch has shown, the edition is not known.</summary>
    public IReadOnlyList<UsedGenerator> Of(IEnumerable<GeneratorRef> references, string @namespace) =>
        [.. references.Select(reference => new UsedGenerator(reference, watches.Find(reference.Kind, KeyOf(reference, @namespace))?.Generation))];

    public static NamespacedName KeyOf(GeneratorRef reference, string @namespace) => new(reference.Kind == GeneratorKinds.ClusterGenerator ? "" : @namespace, reference.Name);

    /// <summary>Follows what is named, until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => watches.RunAsync(cancellationToken);

    private bool IsKnown(string kind) => kind == GeneratorKinds.ClusterGenerator || catalog.Find(kind) is not null;

    private static KubeResource ResourceOf(string kind) => kind == GeneratorKinds.ClusterGenerator ? ExternalKinds.ClusterGenerators.Resource : ExternalKinds.Generators(kind).Resource;

    private static PartialObjectMetadata Slim(PartialObjectMetadata read) => new() { Key = read.Key, ResourceVersion = read.ResourceVersion, Generation = read.Generation };
}
