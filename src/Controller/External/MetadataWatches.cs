using System.Collections.Concurrent;
using System.Threading.Channels;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>Kinds that are watched, their metadata alone, from the first time that somebody asks for them on.</summary>
internal sealed class MetadataWatches(KubeClient kube, IReadOnlyList<string>? namespaces, Func<PartialObjectMetadata, PartialObjectMetadata> trim, TimeProvider time, ILogger logger)
{
    // Who may not list a kind, or has not got it, is not told so every half minute.
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private const string ByOwner = "owner";

    private readonly ConcurrentDictionary<string, Lazy<Followed>> followed = new(StringComparer.Ordinal);
    private readonly Channel<Informer<PartialObjectMetadata>> waiting = Channel.CreateUnbounded<Informer<PartialObjectMetadata>>();

    /// <summary>An object of the kind so named changed. Raised on the watch's thread.</summary>
    public event Action<string, ObjectChange<PartialObjectMetadata>>? Changed;

    /// <param name="name">What the caller calls the kind.</param>
    public void Follow(string name, Func<KubeResource> resource) => _ = followed.GetOrAdd(name, _ => new(() => Start(name, resource()))).Value;

    /// <returns>null when there is none, or nothing is known of the kind yet.</returns>
    public PartialObjectMetadata? Find(string name, NamespacedName key) =>
        followed.TryGetValue(name, out var informers) ? informers.Value.Informers.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null) : null;

    /// <summary>Objects of any kind that name an owner, with what the caller calls their kind.</summary>
    public IEnumerable<(string Name, KubeResource Resource, PartialObjectMetadata Found)> OwnedBy(string uid) =>
        from kind in followed
        from informer in kind.Value.Value.Informers
        from found in informer.Cache.FindByIndex(ByOwner, uid)
        select (kind.Key, kind.Value.Value.Resource, found);

    /// <summary>Follows what is asked for, until cancelled.</summary>
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

    private Followed Start(string name, KubeResource resource)
    {
        var queries = resource.Namespaced ? (namespaces ?? [""]).Select(ns => new ListQuery { Namespace = ns }) : [ListQuery.Everything];
        var informers = queries.Select(query => new Informer<PartialObjectMetadata>(
            kube, KubeKind.MetadataOf(resource), new InformerOptions<PartialObjectMetadata> { Query = query, Trim = trim, LongestBackoff = LongestBackoff }, time, logger)).ToList();
        foreach (var informer in informers)
        {
            informer.Cache.AddIndex(ByOwner, found => found.OwnerReferences.Select(owner => owner.Uid));
            informer.OnChange(change => Changed?.Invoke(name, change));
            waiting.Writer.TryWrite(informer);
        }
        return new Followed(resource, informers);
    }

    private sealed record Followed(KubeResource Resource, IReadOnlyList<Informer<PartialObjectMetadata>> Informers);
}
