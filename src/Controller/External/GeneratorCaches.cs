using System.Collections.Concurrent;
using System.Threading.Channels;
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
internal sealed class GeneratorCaches(KubeClient kube, GeneratorCatalog catalog, ControllerOptions options, TimeProvider time, ILogger logger)
{
    // Who may not list a kind, or has not got it, is not told so every half minute.
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Informer<PartialObjectMetadata>>>> followed = new(StringComparer.Ordinal);
    private readonly Channel<Informer<PartialObjectMetadata>> waiting = Channel.CreateUnbounded<Informer<PartialObjectMetadata>>();

    /// <summary>A generator is there, or says another thing than before. Raised on the watch's thread.</summary>
    public event Action<string, NamespacedName>? Changed;

    public void Follow(IEnumerable<GeneratorRef> references)
    {
        foreach (var reference in references) if (IsKnown(reference.Kind)) _ = followed.GetOrAdd(reference.Kind, kind => new(() => Start(kind))).Value;
    }

    /// <summary>The generators as they are now; of those that no watch has shown, the edition is not known.</summary>
    public IReadOnlyList<UsedGenerator> Of(IEnumerable<GeneratorRef> references, string @namespace) =>
        [.. references.Select(reference => new UsedGenerator(reference, GenerationOf(reference.Kind, KeyOf(reference, @namespace))))];

    public static NamespacedName KeyOf(GeneratorRef reference, string @namespace) => new(reference.Kind == GeneratorKinds.ClusterGenerator ? "" : @namespace, reference.Name);

    /// <summary>Follows what is named, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        try
        {
            await foreach (var informer in waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) running.Add(informer.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }
    }

    private bool IsKnown(string kind) => kind == GeneratorKinds.ClusterGenerator || catalog.Find(kind) is not null;

    private long? GenerationOf(string kind, NamespacedName key) =>
        followed.TryGetValue(kind, out var informers) ? informers.Value.Select(informer => informer.Cache.Find(key)?.Generation).FirstOrDefault(found => found is not null) : null;

    private IReadOnlyList<Informer<PartialObjectMetadata>> Start(string kind)
    {
        var resource = kind == GeneratorKinds.ClusterGenerator ? ExternalKinds.ClusterGenerators.Resource : ExternalKinds.Generators(kind).Resource;
        var queries = resource.Namespaced ? (options.Namespaces ?? [""]).Select(ns => new ListQuery { Namespace = ns }) : [ListQuery.Everything];
        var informers = queries.Select(query => new Informer<PartialObjectMetadata>(
            kube, KubeKind.MetadataOf(resource), new InformerOptions<PartialObjectMetadata> { Query = query, Trim = Slim, LongestBackoff = LongestBackoff }, time, logger)).ToList();
        foreach (var informer in informers)
        {
            informer.OnChange(change =>
            {
                // One that is gone made the values while it was there. One that comes back is the same unless it says so.
                if (change.New is { } now && now.Generation != change.Old?.Generation) Changed?.Invoke(kind, change.Key);
            });
            waiting.Writer.TryWrite(informer);
        }
        return informers;
    }

    private static PartialObjectMetadata Slim(PartialObjectMetadata read) => new() { Key = read.Key, ResourceVersion = read.ResourceVersion, Generation = read.Generation };
}
