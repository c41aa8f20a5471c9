using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>GeneratorStates, findable by the object that they were made for.</summary>
internal sealed class StateCaches
{
    private const string ByOwner = "owner";

    private readonly IReadOnlyList<WatchedNamespace> namespaces;

    public StateCaches(KubeClient kube, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        Sources = [.. (options.Namespaces ?? [""]).Select(ns => new Informer<GeneratorState>(
            kube, ExternalKinds.GeneratorStates, new InformerOptions<GeneratorState> { Query = new ListQuery { Namespace = ns }, Trim = ExternalKinds.Trim }, time, logger))];
        namespaces = [.. Sources.Select((sources, i) => new WatchedNamespace(options.RequiresNamespaces, sources))];
        foreach (var sources in Sources) sources.Cache.AddIndex(ByOwner, state => (state.Metadata.OwnerReferences ?? []).Select(owner => owner.Uid));
    }

    public IReadOnlyList<Informer<GeneratorState>> Sources { get; }

    public GeneratorState? Find(NamespacedName key) => Sources.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    public IEnumerable<GeneratorState> OwnedBy(string uid) => Sources.SelectMany(informer => informer.Cache.FindByIndex(ByOwner, uid));

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.RunAsync(cancellationToken)));

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.WaitAsync(cancellationToken)));
}
