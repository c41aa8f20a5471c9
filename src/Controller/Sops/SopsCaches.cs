using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>SopsSecrets, of all namespaces or of the chosen ones, beside the metadata of Secrets that all reconcilers share.</summary>
internal sealed class SopsCaches
{
    private const string ByOwner = "sops-owner";
    private const string Remedy = "grant its service account get, list and watch on them there and install their definition, or start it with --sops=false";

    private readonly SopsLedger ledger;
    private readonly ControllerOptions options;
    private readonly IReadOnlyList<WatchedNamespace> namespaces;

    /// <param name="secrets">Shared; empty when Secrets are not watched. Not run here.</param>
    public SopsCaches(KubeClient kube, IReadOnlyList<Informer<PartialObjectMetadata>> secrets, SopsLedger ledger, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        this.ledger = ledger;
        this.options = options;
        Reserved = options.ReservedSecrets;
        Secrets = secrets;
        foreach (var informer in secrets) informer.Cache.AddIndex(ByOwner, OwnersOf);
        var queries = (options.Namespaces ?? [""]).Select(ns => new ListQuery { Namespace = ns, LabelSelector = options.LabelSelector }).ToList();
        Sources = [.. queries.Select(query => new Informer<SopsSecret>(
            kube, SopsSecretKind.Instance, new InformerOptions<SopsSecret> { Query = query, Trim = SopsSecretKind.Trim, Remedy = Remedy }, time, logger))];
        namespaces = [.. queries.Select((query, i) => new WatchedNamespace(options.RequiresNamespaces, Sources[i], secrets.Skip(i).Take(1)))];
    }

    public IReadOnlyList<Informer<SopsSecret>> Sources { get; }

    public IReadOnlyList<Informer<PartialObjectMetadata>> Secrets { get; }

    /// <summary>Whether a Secret that the watch does not show is not there.</summary>
    public bool SeesEverySecret => options.SeesEverySecret;

    /// <summary>Secrets that the controller keeps for itself.</summary>
    public IReadOnlySet<string> Reserved { get; }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.RunAsync(cancellationToken)));

    /// <summary>Waits for all that are required, and for the others so far as they can be listed.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.WaitAsync(cancellationToken)));

    /// <returns><c>null</c> when there is no such SopsSecret.</returns>
    public SopsView? Read(NamespacedName key)
    {
        if (Find(key) is not { } source) return null;
        var recorded = SopsStatus.IsReady(source.Status) ? SopsMark.TryParse(source.Status?.ObservedHash) : null;
        var settings = options.SopsAllowUnbound ? "unbound" : "";
        var settled = ledger.MarkOf(key);
        var isSettled = settled is not null && ledger.Touches.Of(key) is null;
        var isRequested = ReconcileRequest.IsOpen(source.Metadata, options.UpdateStatus ? source.Status?.LastHandledReconcileAt : ledger.Requests.LastOf(key, source.Metadata));
        return new SopsView(key, source, OwnedBy(source.Metadata.Uid ?? ""), SopsMark.HashInputs(source, settings), settled ?? recorded, isSettled, isRequested, options.SeesEverySecret);
    }

    public SopsSecret? Find(NamespacedName key) => Sources.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    /// <summary>Names of the SopsSecrets that control a Secret: one or none.</summary>
    public static IEnumerable<NamespacedName> SourcesOf(PartialObjectMetadata? secret) =>
        from owner in secret?.OwnerReferences ?? []
        where owner is { Controller: true, Kind: SopsSecret.SopsSecretKind }
        select new NamespacedName(secret!.Key.Namespace, owner.Name);

    private List<PartialObjectMetadata> OwnedBy(string uid) => [.. Secrets.SelectMany(informer => informer.Cache.FindByIndex(ByOwner, uid))];

    private static IEnumerable<string> OwnersOf(PartialObjectMetadata secret) =>
        from owner in secret.OwnerReferences where owner is { Controller: true, Kind: SopsSecret.SopsSecretKind } select owner.Uid;
}
