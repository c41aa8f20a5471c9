using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>SealedSecrets, and Secrets as metadata only, of all namespaces or of the chosen ones.</summary>
internal sealed class SealedCaches
{
    private readonly WriteLedger ledger;
    private readonly ControllerOptions options;
    private readonly IReadOnlyList<WatchedNamespace> namespaces;

    public SealedCaches(KubeClient kube, WriteLedger ledger, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        this.ledger = ledger;
        this.options = options;
        Reserved = options.ReservedSecrets;
        var queries = (options.Namespaces ?? [""]).Select(ns => new ListQuery { Namespace = ns, LabelSelector = options.LabelSelector }).ToList();
        var kind = CachedSealedSecretConverter.NewKind(options.AcceptLegacyData);
        Sources = [.. queries.Select(query => new Informer<CachedSealedSecret>(
            kube, kind, new InformerOptions<CachedSealedSecret> { Query = query }, time, logger))];
        var metadata = KubeKind.MetadataOf(ClusterKinds.SecretResource);
        Secrets = options.SkipRecreate ? [] : [.. queries.Select(query => new Informer<PartialObjectMetadata>(
            kube, metadata, new InformerOptions<PartialObjectMetadata> { Query = query, Trim = Slim }, time, logger))];
        namespaces = [.. queries.Select((query, i) => new WatchedNamespace(options.RequiresNamespaces, Sources[i], Secrets.Skip(i).Take(1)))];
    }

    public IReadOnlyList<Informer<CachedSealedSecret>> Sources { get; }

    /// <summary>The one watch of Secrets, for all who want one. Empty when Secrets are not watched.</summary>
    public IReadOnlyList<Informer<PartialObjectMetadata>> Secrets { get; }

    /// <summary>Whether a Secret that the watch does not show is not there.</summary>
    public bool SeesEverySecret => options.SeesEverySecret;

    /// <summary>Secrets that the controller keeps for itself.</summary>
    public IReadOnlySet<string> Reserved { get; }

    public IEnumerable<CachedSealedSecret> All => Sources.SelectMany(informer => informer.Cache.Snapshot());

    /// <summary>Those whose newest version cannot be read; <see cref="All"/> has the last one that could, if there was any.</summary>
    public IEnumerable<NamespacedName> Unreadable => Sources.SelectMany(informer => informer.UnreadableKeys);

    /// <summary>How many namespaces have not been listed, and may hold objects that nobody knows of.</summary>
    public int OutOfReach => Sources.Count(informer => !informer.HasSynced);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll([.. namespaces.Select(watched => watched.RunAsync(cancellationToken)), .. Secrets.Select(informer => informer.RunAsync(cancellationToken))]);

    /// <summary>Waits for all that are required, and for the others so far as they can be listed.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(namespaces.Select(watched => watched.WaitAsync(cancellationToken)));

    public bool Has(NamespacedName key) => Find(Sources, key) is not null;

    /// <returns><c>null</c> when there is no such SealedSecret.</returns>
    public SealedView? Read(NamespacedName key)
    {
        if (Find(Sources, key) is not { } cached) return null;
        var source = cached.Read();
        var note = ObservedNote.Of(source.Status);
        var recorded = SealedStatus.IsSynced(source.Status) ? note.Mark : null;
        var isRequested = ReconcileRequest.IsOpen(source.Metadata, options.UpdateStatus ? note.Handled : ledger.Requests.LastOf(key, source.Metadata));
        return new SealedView(key, source, Find(Secrets, key), cached.Inputs, ledger.MarkOf(key) ?? recorded, isRequested, options.SeesEverySecret);
    }

    private static T? Find<T>(IReadOnlyList<Informer<T>> informers, NamespacedName key)
        where T : class =>
        informers.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    /// <summary>
    /// There may be many more Secrets in the cluster than are ours: of each only its version, and what says whose it is
    /// (the annotations of Sealed Secrets, the controlling SealedSecret, ExternalSecret or SopsSecret).
    /// </summary>
    private static PartialObjectMetadata Slim(PartialObjectMetadata secret) => new()
    {
        Key = secret.Key,
        Uid = secret.Uid,
        ResourceVersion = secret.ResourceVersion,
        Annotations = Only(secret.Annotations, annotation => annotation.Key
            is SealedSecretAnnotations.Managed or SealedSecretAnnotations.Patch or SealedSecretAnnotations.SkipSetOwnerReferences),
        OwnerReferences = Only(secret.OwnerReferences, owner => owner is { Controller: true, Kind: SealedSecret.SealedSecretKind or ExternalSecret.ExternalSecretKind or SopsSecret.SopsSecretKind }),
    };

    /// <summary>Nothing is allocated for the many that have none.</summary>
    private static IReadOnlyList<T> Only<T>(IReadOnlyList<T> all, Func<T, bool> wanted) => all.Any(wanted) ? [.. all.Where(wanted)] : [];
}
