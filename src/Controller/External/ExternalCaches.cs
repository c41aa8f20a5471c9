using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External;

/// <summary>ExternalSecrets and stores; of Secrets, ConfigMaps and namespaces, the metadata alone.</summary>
internal sealed class ExternalCaches
{
    private const string ByTarget = "target";
    private const string ByStore = "store";
    private const string ByTemplate = "template";
    private const string ByManifest = "manifest";
    private const string ByGenerator = "generator";
    private const string ByGenerating = "generating";
    private const string ByOwner = "external-owner";

    private readonly ExternalLedger ledger;
    private readonly GeneratorCaches generators;
    private readonly StoreResolver resolver;
    private readonly bool sharesSecrets;
    private readonly bool floodGate;
    private readonly bool clusterStores;
    private readonly bool clusterwide;
    private readonly IReadOnlyList<WatchedNamespace> namespaces;

    /// <param name="secrets">The metadata of all Secrets of these namespaces, which others watch and run; null: watched here.</param>
    public ExternalCaches(KubeClient kube, IReadOnlyList<Informer<PartialObjectMetadata>>? secrets, GeneratorCaches generators, ExternalLedger ledger, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        (this.generators, this.ledger) = (generators, ledger);
        (sharesSecrets, floodGate, clusterStores, clusterwide) = (secrets is not null, options.FloodGate, options.ClusterStores, options.ClusterStores || options.ClusterExternalSecrets || options.ClusterPushSecrets);
        var queries = (options.Namespaces ?? [""]).Select(ns => new ListQuery { Namespace = ns }).ToList();
        Sources = [.. queries.Select(query => Informer(ExternalKinds.ExternalSecrets, query, ExternalKinds.Trim))];
        SecretStores = [.. queries.Select(query => Informer(ExternalKinds.SecretStores, query, ExternalKinds.Trim))];
        ClusterStores = Informer(ExternalKinds.ClusterSecretStores, ListQuery.Everything, ExternalKinds.Trim);
        var (secret, configMap) = (KubeKind.MetadataOf(ClusterKinds.SecretResource), KubeKind.MetadataOf(ExternalKinds.ConfigMaps.Resource));
        Secrets = secrets ?? [.. queries.Select(query => Informer(secret, query, SlimSecret))];
        ConfigMaps = [.. queries.Select(query => Informer(configMap, query, Slim))];
        Namespaces = Informer(KubeKind.MetadataOf(ExternalKinds.Namespaces), ListQuery.Everything, namespaced => namespaced);
        namespaces = [.. queries.Select((query, i) => new WatchedNamespace(options.RequiresNamespaces, Sources[i], NeededIn(i)))];
        foreach (var sources in Sources)
        {
            sources.Cache.AddIndex(ByTarget, source => ExternalView.IsOfAnotherKind(source) ? [] : [Name(source, source.TargetName).ToString()]);
            sources.Cache.AddIndex(ByManifest, source => ExternalView.IsOfAnotherKind(source) ? [IndexOf(ManifestWatches.NameOf(source.Spec.Target!.Manifest!), Name(source, source.TargetName))] : []);
            sources.Cache.AddIndex(ByStore, source => StoresOf(source).Select(store => store.ToString() + store.Name.Namespace).Distinct());
            sources.Cache.AddIndex(ByTemplate, source => TemplatesOf(source).Select(template => IndexOf(template.Kind == TemplateResourceKind.Secret, Name(source, template.Name))).Distinct());
            sources.Cache.AddIndex(ByGenerating, source => GeneratorsOf(source).Any() ? [source.Metadata.Namespace ?? ""] : []);
            sources.Cache.AddIndex(ByGenerator, source => GeneratorsOf(source).Select(generator => IndexOf(generator.Kind, GeneratorCaches.KeyOf(generator, source.Metadata.Namespace ?? ""))).Distinct());
        }
        foreach (var watched in Secrets) watched.Cache.AddIndex(ByOwner, found => found.OwnerReferences.Where(IsOurs).Select(owner => owner.Uid));
        resolver = new StoreResolver(FindStore, LabelsOf, options.ControllerClass, options.FloodGate);

        Informer<T> Informer<T>(KubeKind<T> kind, ListQuery query, Func<T, T> trim)
            where T : class => new(kube, kind, new InformerOptions<T> { Query = query, Trim = trim }, time, logger);
    }

    public IReadOnlyList<Informer<ExternalSecret>> Sources { get; }

    public IReadOnlyList<Informer<SecretStore>> SecretStores { get; }

    public Informer<ClusterSecretStore> ClusterStores { get; }

    public IReadOnlyList<Informer<PartialObjectMetadata>> Secrets { get; }

    public IReadOnlyList<Informer<PartialObjectMetadata>> ConfigMaps { get; }

    public Informer<PartialObjectMetadata> Namespaces { get; }

    public StoreResolver Stores => resolver;

    public IEnumerable<ExternalSecret> All => Sources.SelectMany(informer => informer.Cache.Snapshot());

    public IEnumerable<Store> AllStores =>
        SecretStores.SelectMany(informer => informer.Cache.Snapshot()).Select(Store.Of).Concat(ClusterStores.Cache.Snapshot().Select(Store.Of));

    /// <summary>By what the objects of a namespace are judged, the namespaces counted as in the options.</summary>
    public IEnumerable<Follower> NeededIn(int index) => [SecretStores[index], Secrets[index], ConfigMaps[index]];

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        [.. namespaces.Select(watched => watched.RunAsync(cancellationToken)), .. SecretStores.Select(informer => informer.RunAsync(cancellationToken)),
        .. sharesSecrets ? [] : Secrets.Select(informer => informer.RunAsync(cancellationToken)), .. ConfigMaps.Select(informer => informer.RunAsync(cancellationToken)),
        clusterStores ? ClusterStores.RunAsync(cancellationToken) : Task.CompletedTask, clusterwide ? Namespaces.RunAsync(cancellationToken) : Task.CompletedTask]);

    /// <summary>Waits for all that are required, and for the others so far as they can be listed.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(
        [.. namespaces.Select(watched => watched.WaitAsync(cancellationToken)),
        clusterStores ? ClusterStores.WaitForSyncAsync(cancellationToken) : Task.CompletedTask, clusterwide ? Namespaces.WaitForSyncAsync(cancellationToken) : Task.CompletedTask]);

    /// <returns><c>null</c> when there is no such ExternalSecret.</returns>
    public ExternalView? Read(NamespacedName key)
    {
        if (Find(Sources, key) is not { } shown) return null;
        var source = ledger.Newest(key, shown);
        var target = Name(source, source.TargetName);
        // A target that is no Secret is looked at when it is worked on.
        var shownSecret = ExternalView.IsOfAnotherKind(source) ? null : Find(Secrets, target);
        var secret = ExternalView.IsOfAnotherKind(source) ? null : ledger.SecretOf(key, target, shownSecret?.Uid, shownSecret?.ResourceVersion);
        var secretHash = secret is { } there ? ExternalMark.HashSecret(there.Uid, there.Version) : null;
        var used = ExternalMark.HashGenerators(generators.Of(GeneratorsOf(source), key.Namespace));
        var last = ledger.SyncOf(key) ?? Recorded(source);
        return new ExternalView(key, source, secretHash, InputsOf(source), used, last, ledger.DemandOf(key), ledger.NewsOf(key))
        {
            Appeared = ledger.AppearanceOf(key),
            Lost = ledger.LossOf(key),
            LeftAlone = ledger.LeftAloneFor(key, last?.RefreshTime),
        };
    }

    /// <summary>Whether the object, by its stores, is another controller's business.</summary>
    public bool IsForeign(ExternalSecret source) =>
        (!clusterStores && ReferencesOf(source).Any(reference => reference.EffectiveKind == ClusterSecretStore.ClusterSecretStoreKind))
        || ReferencesOf(source).Any(reference => resolver.IsForeign(reference, source.Metadata.Namespace ?? ""));

    /// <summary>Whether the namespace is known to be going, with all in it: nothing is asked for or told any more.</summary>
    public bool IsEnding(string @namespace) => Namespaces.Cache.Find(new NamespacedName("", @namespace)) is { Deleting: true };

    /// <summary>Whether a store that it names has not been looked at yet.</summary>
    public bool AwaitsStores(ExternalSecret source) => floodGate && StoresOf(source).Any(identity => FindStore(identity) is { Ready: null });

    public Store? FindStore(StoreIdentity identity) => identity.Kind == ClusterSecretStore.ClusterSecretStoreKind
        ? ClusterStores.Cache.Find(identity.Name) is { } cluster ? Store.Of(cluster) : null
        : Find(SecretStores, identity.Name) is { } store ? Store.Of(store) : null;

    public ExternalSecret? FindSource(NamespacedName key) => Find(Sources, key);

    /// <summary>The version of a Secret or ConfigMap, as the watch shows it.</summary>
    public string? VersionOf(ClusterRecord record) => Find(record.IsSecret ? Secrets : ConfigMaps, record.Name)?.ResourceVersion;

    public PartialObjectMetadata? FindSecret(NamespacedName key) => Find(Secrets, key);

    /// <summary>Secrets that carry the mark of this ExternalSecret.</summary>
    public IReadOnlyList<NamespacedName> OwnedSecrets(NamespacedName key)
    {
        var uid = Find(Sources, key)?.Metadata.Uid;
        return uid is null ? [] : [.. Secrets.SelectMany(informer => informer.Cache.FindByIndex(ByOwner, uid)).Select(secret => secret.Key).Where(secret => secret.Namespace == key.Namespace)];
    }

    public IEnumerable<NamespacedName> UsersOfTarget(NamespacedName secret) => KeysBy(ByTarget, secret.ToString());

    /// <param name="kind">As <see cref="ManifestWatches.NameOf"/> has it.</param>
    public IEnumerable<NamespacedName> UsersOfManifest(string kind, NamespacedName name) => KeysBy(ByManifest, IndexOf(kind, name));

    public IEnumerable<NamespacedName> UsersOfStore(StoreIdentity store) => KeysBy(ByStore, store.ToString() + store.Name.Namespace);

    /// <summary>The same as <see cref="UsersOfStore"/>, as the watch shows them.</summary>
    public IEnumerable<ExternalSecret> SourcesOfStore(StoreIdentity store) =>
        Sources.SelectMany(informer => informer.Cache.FindByIndex(ByStore, store.ToString() + store.Name.Namespace));

    public IEnumerable<NamespacedName> UsersOfTemplate(bool isSecret, NamespacedName name) => KeysBy(ByTemplate, IndexOf(isSecret, name));

    public IEnumerable<NamespacedName> UsersOfGenerator(string kind, NamespacedName name) => KeysBy(ByGenerator, IndexOf(kind, name));

    /// <summary>All of a namespace that name some generator.</summary>
    public IEnumerable<NamespacedName> UsersOfGenerators(string @namespace) => KeysBy(ByGenerating, @namespace);

    public static IEnumerable<GeneratorRef> GeneratorsOf(ExternalSecret source) => (source.Spec.DataFrom ?? []).Select(entry => entry.SourceRef?.GeneratorRef).OfType<GeneratorRef>();

    private IEnumerable<NamespacedName> KeysBy(string index, string value) =>
        Sources.SelectMany(informer => informer.Cache.FindByIndex(index, value)).Select(source => Name(source, source.Metadata.Name ?? ""));

    private static LastSync? Recorded(ExternalSecret source)
    {
        if (source.Status is not { SyncedResourceVersion: { Length: > 0 } version } status || ExternalStatus.Parse(status.RefreshTime) is not { } refreshed) return null;
        // The values were good then; what they were made from is known only if our own status said so.
        return new LastSync(version, refreshed, refreshed, ExternalMark.TryParse(status.ObservedHash) ?? new ExternalMark("", "")) { RenewAt = ExternalStatus.Parse(status.RenewTime) };
    }

    private string InputsOf(ExternalSecret source)
    {
        var stores = StoresOf(source).Distinct().Select(identity => FindStore(identity) is { } store ? $"{identity} {store.Metadata.Uid} {store.Metadata.Generation}" : $"{identity}");
        var templates = TemplatesOf(source).Distinct().Select(template =>
            $"{template} {Find(template.Kind == TemplateResourceKind.Secret ? Secrets : ConfigMaps, Name(source, template.Name))?.ResourceVersion}");
        return ExternalMark.Hash(stores.Concat(templates));
    }

    private Dictionary<string, string>? LabelsOf(string @namespace) =>
        Namespaces.Cache.Find(new NamespacedName("", @namespace)) is { } found ? found.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal) : null;

    private static IEnumerable<SecretStoreRef> ReferencesOf(ExternalSecret source) =>
        new[] { source.Spec.SecretStoreRef }
            .Concat((source.Spec.Data ?? []).Select(entry => entry.SourceRef?.StoreRef))
            .Concat((source.Spec.DataFrom ?? []).Select(entry => entry.SourceRef?.StoreRef))
            .OfType<SecretStoreRef>();

    public static IEnumerable<StoreIdentity> StoresOf(ExternalSecret source) =>
        ReferencesOf(source).Where(reference => !string.IsNullOrEmpty(reference.Name)).Select(reference => StoreResolver.Identify(reference, source.Metadata.Namespace ?? ""));

    private static IEnumerable<TemplateResource> TemplatesOf(ExternalSecret source) =>
        source.Spec.Target?.Template is { } template ? TemplateRules.Resources(template) : [];

    private static NamespacedName Name(ExternalSecret source, string name) => new(source.Metadata.Namespace ?? "", name);

    private static string IndexOf(string kind, NamespacedName name) => $"{kind} {name}";

    private static string IndexOf(bool isSecret, NamespacedName name) => isSecret ? "secret " + name : "configmap " + name;

    private static T? Find<T>(IReadOnlyList<Informer<T>> informers, NamespacedName key)
        where T : class =>
        informers.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    /// <summary>There may be many more in the cluster than are ours: of each only its version, and of Secrets the ExternalSecret that controls it.</summary>
    private static PartialObjectMetadata SlimSecret(PartialObjectMetadata secret) => new()
    {
        Key = secret.Key,
        Uid = secret.Uid,
        ResourceVersion = secret.ResourceVersion,
        OwnerReferences = secret.OwnerReferences.Any(IsOurs) ? [.. secret.OwnerReferences.Where(IsOurs)] : [],
    };

    private static bool IsOurs(Api.OwnerReference owner) => owner.Controller == true && TargetMetadata.IsExternalSecret(owner);

    private static PartialObjectMetadata Slim(PartialObjectMetadata item) => new() { Key = item.Key, Uid = item.Uid, ResourceVersion = item.ResourceVersion };
}
