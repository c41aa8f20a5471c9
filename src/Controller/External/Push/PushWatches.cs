using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What wakes a PushSecret: itself, the Secrets that it pushes, its generator, what its template reads, and its stores.</summary>
internal sealed class PushWatches(PushCaches caches, ExternalCaches shared, GeneratorCaches generators, GeneratorCredentials credentials, StoreAccess access, WorkQueue queue, WorkQueue stores, ControllerOptions options)
{
    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        foreach (var sources in caches.Sources) sources.OnChange(OnSource);
        foreach (var secrets in shared.Secrets) secrets.OnChange(change => Wake(source => Reads(source, change.Key) || Renders(source, TemplateResourceKind.Secret, change.Key) || WaitsFor(source, isSecret: true, change.Key)));
        foreach (var maps in shared.ConfigMaps) maps.OnChange(change => Wake(source => Renders(source, TemplateResourceKind.ConfigMap, change.Key) || WaitsFor(source, isSecret: false, change.Key)));
        foreach (var found in shared.SecretStores) found.OnChange(change => OnStore(change.Old is { } old ? Store.Of(old) : null, change.New is { } now ? Store.Of(now) : null));
        shared.ClusterStores.OnChange(change => OnStore(change.Old is { } old ? Store.Of(old) : null, change.New is { } now ? Store.Of(now) : null));
        shared.Namespaces.OnChange(change =>
        {
            if (change is { Old: { } old, New: { } now } && !old.Labels.SequenceEqual(now.Labels)) Wake(source => source.Metadata.Namespace == change.Key.Name);
        });
        generators.Changed += (kind, name) => Wake(source => Generates(source, kind, name));
        access.Recovered += WakeUsers;
        access.CredentialsChanged += WakeUsers;
    }

    /// <summary>A change of the status alone, or of finalizers, is our own writing; but what lies where decides how long a store is held.</summary>
    private void OnSource(ObjectChange<PushSecret> change)
    {
        foreach (var store in AllStores().Where(store => IsOf(change.Old, store) || IsOf(change.New, store))) stores.Add(store.Identity.Name);
        if (change is { Old.Metadata: { } old, New.Metadata: { } now } && !Matters(old, now)) return;
        if (change.New is { } source) generators.Follow(PushCaches.GeneratorsOf(source));
        queue.Add(change.Key);
    }

    private void OnStore(Store? old, Store? now)
    {
        Store[] sides = [.. new[] { old, now }.OfType<Store>()];
        stores.Add(sides[^1].Identity.Name);
        if (sides is [var before, var after] && !Matters(before, after)) return;
        // Who waits for a new store has asked it nothing so far.
        if (now?.Ready is not null && old?.Ready is null) Wake(source => IsOf(source, sides[^1]));
        else queue.AddInTurn(Chosen(source => sides.Any(side => IsOf(source, side))), options);
    }

    private void WakeUsers(StoreIdentity identity)
    {
        if (shared.FindStore(identity) is { } store) queue.AddInTurn(Chosen(source => IsOf(source, store)), options);
    }

    private void Wake(Func<PushSecret, bool> chosen)
    {
        foreach (var key in Chosen(chosen)) queue.Add(key);
    }

    private IEnumerable<NamespacedName> Chosen(Func<PushSecret, bool> chosen) =>
        caches.All.Where(chosen).Select(source => new NamespacedName(source.Metadata.Namespace ?? "", source.Metadata.Name ?? ""));

    private IEnumerable<Store> AllStores() =>
        shared.SecretStores.SelectMany(informer => informer.Cache.Snapshot()).Select(Store.Of).Concat(shared.ClusterStores.Cache.Snapshot().Select(Store.Of));

    private static bool IsOf(PushSecret? source, Store store) => source is not null
        && (store.IsClusterWide || source.Metadata.Namespace == store.Identity.Name.Namespace)
        && (source.Status?.SyncedPushSecrets?.ContainsKey(PushStores.KeyOf(store.Identity)) == true
            || source.Spec.SecretStoreRefs.Any(reference => PushPolicy.Names(reference, store.Identity, PushStores.LabelsOf(store))));

    /// <summary>Which labels a Secret has is not kept, so one that is chosen by labels wakes whoever chooses by labels in its namespace; unless it is really another, nothing is pushed.</summary>
    private static bool Reads(PushSecret source, NamespacedName secret) =>
        source.Metadata.Namespace == secret.Namespace
        && source.Spec.Selector.Secret is { } wanted && (string.IsNullOrEmpty(wanted.Name) ? wanted.Selector is not null : wanted.Name == secret.Name);

    private static bool Generates(PushSecret source, string kind, NamespacedName name) =>
        PushCaches.GeneratorsOf(source).Any(reference => reference.Kind == kind && GeneratorCaches.KeyOf(reference, source.Metadata.Namespace ?? "") == name);

    /// <summary>Who could not generate for what was there tries again; for others nothing is due.</summary>
    private bool WaitsFor(PushSecret source, bool isSecret, NamespacedName name) =>
        source.Metadata.Namespace == name.Namespace && source.Spec.Selector.GeneratorRef is not null && credentials.Knows(isSecret, name);

    private static bool Renders(PushSecret source, TemplateResourceKind kind, NamespacedName name) =>
        source.Metadata.Namespace == name.Namespace
        && source.Spec.Template is { } template && TemplateRules.Resources(template).Any(resource => resource.Kind == kind && resource.Name == name.Name);

    private static bool Matters(Store old, Store now) =>
        old.Ready?.Status != now.Ready?.Status
        || old.Metadata.Uid != now.Metadata.Uid
        || old.Metadata.Generation != now.Metadata.Generation
        || old.Metadata.DeletionTimestamp != now.Metadata.DeletionTimestamp
        || !(old.Metadata.Labels ?? []).SequenceEqual(now.Metadata.Labels ?? []);

    private static bool Matters(ObjectMeta old, ObjectMeta now) =>
        old.Uid != now.Uid
        || old.Generation != now.Generation
        || old.DeletionTimestamp != now.DeletionTimestamp
        || !(old.Labels ?? []).SequenceEqual(now.Labels ?? [])
        || !(old.Annotations ?? []).SequenceEqual(now.Annotations ?? []);
}
