using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What wakes an ExternalSecret: itself, its Secret (edited, deleted, made by somebody else), a store that changed or became ready or answers again, credentials of
/// a store, the ConfigMaps and Secrets that its template names, and a generator that says another thing.
/// </summary>
internal sealed class ExternalWatches(ExternalCaches caches, GeneratorCaches generators, ManifestWatches manifests, GeneratorCredentials credentials, StoreAccess access, ExternalLedger ledger, WorkQueue queue, WorkQueue stores, ControllerOptions options)
{
    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        foreach (var sources in caches.Sources) sources.OnChange(OnSource);
        foreach (var secrets in caches.Secrets) secrets.OnChange(OnSecret);
        foreach (var maps in caches.ConfigMaps) maps.OnChange(OnConfigMap);
        foreach (var found in caches.SecretStores) found.OnChange(change => OnStore(change.Old is { } old ? Store.Of(old) : null, change.New is { } now ? Store.Of(now) : null));
        caches.ClusterStores.OnChange(change => OnStore(change.Old is { } old ? Store.Of(old) : null, change.New is { } now ? Store.Of(now) : null));
        caches.Namespaces.OnChange(OnNamespace);
        manifests.Changed += OnManifest;
        generators.Changed += (kind, name) => WakeInTurn(Noted(caches.UsersOfGenerator(kind, name), ledger.Release));
        access.Recovered += store => WakeInTurn(Noted(caches.UsersOfStore(store), ledger.StoreAnswers));
        access.CredentialsChanged += OnCredentials;
    }

    /// <summary>A change of the status alone is our own writing.</summary>
    private void OnSource(ObjectChange<ExternalSecret> change)
    {
        if (change is { Old: { } old, New: { } now } && !Matters(old.Metadata, now.Metadata))
        {
            // What the watch shows is not kept twice.
            ledger.Newest(change.Key, now);
            return;
        }
        if (change.New is { } shown && change.Old?.Metadata.Uid != shown.Metadata.Uid) ledger.Appeared(change.Key, isNew: string.IsNullOrEmpty(shown.Status?.SyncedResourceVersion));
        if (change.New is { } source) generators.Follow(ExternalCaches.GeneratorsOf(source));
        queue.Add(change.Key);
    }

    private void OnSecret(ObjectChange<PartialObjectMetadata> change)
    {
        foreach (var user in caches.UsersOfTarget(change.Key))
        {
            if (change.New is null) ledger.TargetGone(user, change.Key);
            else if (ledger.IsEcho(user, change.Key, change.New.ResourceVersion)) continue;
            queue.Add(user);
        }
        Wake(caches.UsersOfTemplate(isSecret: true, change.Key));
        OnGeneratorCredential(isSecret: true, change.Key);
        access.OnChanged(isSecret: true, change.Key, change.New?.ResourceVersion);
    }

    private void OnManifest(string kind, ObjectChange<PartialObjectMetadata> change)
    {
        foreach (var user in caches.UsersOfManifest(kind, change.Key).Where(user => !ledger.IsEcho(user, change.Key, change.New?.ResourceVersion)))
        {
            if (change.New is null) ledger.TargetGone(user, change.Key);
            queue.Add(user);
        }
    }

    private void OnConfigMap(ObjectChange<PartialObjectMetadata> change)
    {
        Wake(caches.UsersOfTemplate(isSecret: false, change.Key));
        OnGeneratorCredential(isSecret: false, change.Key);
        access.OnChanged(isSecret: false, change.Key, change.New?.ResourceVersion);
    }

    /// <summary>Who could not generate tries again; for the others nothing is due.</summary>
    private void OnGeneratorCredential(bool isSecret, NamespacedName name)
    {
        if (credentials.Knows(isSecret, name)) Wake(Noted(caches.UsersOfGenerators(name.Namespace), ledger.Release));
    }

    private void OnStore(Store? old, Store? now)
    {
        var identity = (now ?? old)!.Identity;
        var edited = IsEdited(old?.Metadata, now?.Metadata);
        if (edited && Validates(identity)) stores.Add(Key(identity));
        // Who waits for a new store has asked it nothing so far, and finds its door closed to more than it bears.
        var users = caches.UsersOfStore(identity);
        if (now is { Ready: not null } && old?.Ready is null) Wake(Noted(users, ledger.StoreIsReady));
        else if (edited) WakeInTurn(Noted(users, ledger.Release));
        else if (old?.Ready?.Status != now?.Ready?.Status) WakeInTurn(now?.Ready?.Status == "True" ? Noted(users, ledger.StoreIsReady) : users);
    }

    private static bool IsEdited(ObjectMeta? old, ObjectMeta? now) => old?.Uid != now?.Uid || old?.Generation != now?.Generation;

    /// <summary>What its labels are decides which cluster stores may be used from it.</summary>
    private void OnNamespace(ObjectChange<PartialObjectMetadata> change)
    {
        if (change is not { Old: { } old, New: { } now } || old.Labels.SequenceEqual(now.Labels)) return;
        Wake(Noted(caches.All.Where(source => source.Metadata.Namespace == change.Key.Name).Select(source => new NamespacedName(change.Key.Name, source.Metadata.Name ?? "")), ledger.Release));
    }

    private void OnCredentials(StoreIdentity store)
    {
        if (Validates(store)) stores.Add(Key(store));
        var users = caches.UsersOfStore(store).ToList();
        foreach (var user in users) ledger.Demand(user);
        WakeInTurn(users);
    }

    /// <summary>A store was found to be well.</summary>
    public void OnWell(StoreIdentity store) => WakeInTurn(caches.UsersOfStore(store).Where(ledger.StoreIsWell));

    /// <summary>The same users, each noted when its turn comes.</summary>
    private static IEnumerable<NamespacedName> Noted(IEnumerable<NamespacedName> users, Func<NamespacedName, bool> note)
    {
        foreach (var user in users)
        {
            note(user);
            yield return user;
        }
    }

    private void WakeInTurn(IEnumerable<NamespacedName> users) => queue.AddInTurn(users, options);

    private void Wake(IEnumerable<NamespacedName> users)
    {
        foreach (var user in users) queue.Add(user);
    }

    private bool Validates(StoreIdentity store) => store.Name.Namespace.Length == 0 || options.SecretStores;

    /// <summary>A cluster store has no namespace, so both kinds fit into one queue.</summary>
    private static NamespacedName Key(StoreIdentity store) => store.Name;

    private static bool Matters(ObjectMeta old, ObjectMeta now) =>
        old.Uid != now.Uid
        || old.Generation != now.Generation
        || old.DeletionTimestamp != now.DeletionTimestamp
        || !(old.Labels ?? []).SequenceEqual(now.Labels ?? [])
        || !(old.Annotations ?? []).SequenceEqual(now.Annotations ?? [])
        || !(old.Finalizers ?? []).SequenceEqual(now.Finalizers ?? []);
}
