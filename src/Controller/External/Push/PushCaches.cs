using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>PushSecrets; stores, Secrets and namespaces lie in the caches of <see cref="ExternalCaches"/>.</summary>
internal sealed class PushCaches
{
    private readonly IReadOnlyList<WatchedNamespace> namespaces;

    public PushCaches(KubeClient kube, ExternalCaches shared, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        Sources = [.. (options.Namespaces ?? [""]).Select(ns => new Informer<PushSecret>(
            kube, ExternalKinds.PushSecrets, new InformerOptions<PushSecret> { Query = new ListQuery { Namespace = ns }, Trim = ExternalKinds.Trim }, time, logger))];
        namespaces = [.. Sources.Select((sources, i) => new WatchedNamespace(options.RequiresNamespaces, sources, shared.NeededIn(i)))];
    }

    public IReadOnlyList<Informer<PushSecret>> Sources { get; }

    public IEnumerable<PushSecret> All => Sources.SelectMany(informer => informer.Cache.Snapshot());

    /// <summary>Whether there is no PushSecret but those of <see cref="All"/>: a namespace may be out of reach yet.</summary>
    public bool IsWhole => Sources.All(informer => informer.HasSynced);

    public PushSecret? Find(NamespacedName key) => Sources.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    public static IEnumerable<GeneratorRef> GeneratorsOf(PushSecret source) => source.Spec.Selector.GeneratorRef is { } reference ? [reference] : [];

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.RunAsync(cancellationToken)));

    /// <summary>Waits for all that are required, and for the others so far as they can be listed.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.WaitAsync(cancellationToken)));
}
