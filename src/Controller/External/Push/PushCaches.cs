using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>PushSecrets; stores, Secrets and namespaces lie in the caches of <see cref="ExternalCaches"/>.</summary>
internal sealed class PushCaches(KubeClient kube, ControllerOptions options, TimeProvider time, ILogger logger)
{
    public IReadOnlyList<Informer<PushSecret>> Sources { get; } = [.. (options.Namespaces ?? [""]).Select(ns => new Informer<PushSecret>(
        kube, ExternalKinds.PushSecrets, new InformerOptions<PushSecret> { Query = new ListQuery { Namespace = ns }, Trim = ExternalKinds.Trim }, time, logger))];

    public IEnumerable<PushSecret> All => Sources.SelectMany(informer => informer.Cache.Snapshot());

    public PushSecret? Find(NamespacedName key) => Sources.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    public static IEnumerable<GeneratorRef> GeneratorsOf(PushSecret source) => source.Spec.Selector.GeneratorRef is { } reference ? [reference] : [];

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Sources.Select(informer => informer.RunAsync(cancellationToken)));

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(Sources.Select(informer => informer.WaitForSyncAsync(cancellationToken)));
}
