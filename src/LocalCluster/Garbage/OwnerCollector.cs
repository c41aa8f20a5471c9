using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.CustomResources;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Garbage;

/// <summary>
/// Deletes what its owners left behind. An object whose owners are all gone is deleted; with the policy <c>Orphan</c> the
/// references are taken out instead; with <c>Foreground</c> the owner waits until its blocking dependents are gone. Of an owner whose kind is not served nobody can say
/// whether it is there: what it owns stays until the kind is.
/// </summary>
internal sealed class OwnerCollector(ObjectStore store, ObjectWriter writer, ResourceCatalog catalog)
{
    private readonly Dictionary<string, HashSet<(string Collection, ObjectKey Key)>> dependents = new(StringComparer.Ordinal);

    /// <summary>Owners that were seen to go: there is no doubt about them, served or not.</summary>
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);

    private readonly HashSet<(string Collection, ObjectKey Key)> undecided = [];

    public void React(ObjectChange change)
    {
        Index(change);
        if (change.Object.Collection == CustomResourceRules.Collection) DecideAgain();
        if (change.Kind == ChangeKind.Deleted)
        {
            if (dependents.GetValueOrDefault(change.Object.Uid) is { Count: > 0 }) gone.Add(change.Object.Uid);
            foreach (var dependent in Dependents(change.Object.Uid)) Collect(dependent);
            foreach (var owner in Owners(change.Object).Where(owner => owner.IsTerminating)) Finish(owner);
            return;
        }

        if (store.Find(change.Object.Collection, change.Object.Key) is not { } current) return;
        if (current.IsTerminating) Finish(current);
        else if (References(current.Json).Count > 0) Collect(current);
    }

    private void Index(ObjectChange change)
    {
        var place = (change.Object.Collection, change.Object.Key);
        foreach (var uid in change.Previous is { } previous ? Uids(previous.Json) : []) dependents.GetValueOrDefault(uid)?.Remove(place);
        if (change.Kind == ChangeKind.Deleted) return;
        foreach (var uid in Uids(change.Object.Json))
        {
            if (!dependents.TryGetValue(uid, out var places)) dependents[uid] = places = [];
            places.Add(place);
        }
    }

    private List<StoredObject> Dependents(string uid) =>
        [.. (dependents.GetValueOrDefault(uid) ?? []).Select(place => store.Find(place.Collection, place.Key)).OfType<StoredObject>().Where(stored => Uids(stored.Json).Contains(uid))];

    /// <summary>Deletes an object without living owners; takes references to dead ones out of an object that has others.</summary>
    private void Collect(StoredObject dependent)
    {
        if (dependent.IsTerminating) return;
        var references = References(dependent.Json);
        if (references.Exists(reference => !gone.Contains(Uid(reference)) && TypeOf(reference) is null))
        {
            undecided.Add((dependent.Collection, dependent.Key));
            return;
        }

        var dead = references.Where(reference => Owner(dependent, reference) is null).ToList();
        if (dead.Count == 0) return;
        if (dead.Count == references.Count) Collected.TryDelete(writer, catalog, dependent, DeleteOptions.Background);
        else Forget(dependent, dead.Select(Uid).ToHashSet(StringComparer.Ordinal));
    }

    private void DecideAgain()
    {
        foreach (var place in undecided.ToList())
        {
            undecided.Remove(place);
            if (store.Find(place.Collection, place.Key) is { } stored) Collect(stored);
        }
    }

    /// <summary>Does what a deletion waits for: lets go of dependents, or deletes them first.</summary>
    private void Finish(StoredObject owner)
    {
        var waits = Finalizers.Of(owner.Json);
        if (waits.Contains(Finalizers.Orphan))
        {
            foreach (var dependent in Dependents(owner.Uid)) Forget(dependent, [owner.Uid]);
            Release(owner, Finalizers.Orphan);
        }
        else if (waits.Contains(Finalizers.Foreground))
        {
            var blocking = Dependents(owner.Uid);
            foreach (var dependent in blocking.Where(stored => !stored.IsTerminating)) Collected.TryDelete(writer, catalog, dependent, new DeleteOptions("Foreground", null, null, false));
            if (!Dependents(owner.Uid).Any(stored => Blocks(stored, owner.Uid))) Release(owner, Finalizers.Foreground);
        }
    }

    private static bool Blocks(StoredObject dependent, string uid) =>
        References(dependent.Json).Any(reference => Uid(reference) == uid && reference["blockOwnerDeletion"]?.GetValue<bool>() == true);

    private void Forget(StoredObject dependent, HashSet<string> uids) => Change(dependent, json =>
    {
        var metadata = json["metadata"]!.AsObject();
        var kept = References(json).Where(reference => !uids.Contains(Uid(reference))).Select(reference => reference.DeepClone()).ToArray();
        metadata.Remove("ownerReferences");
        if (kept.Length > 0) metadata["ownerReferences"] = new JsonArray(kept);
    });

    private void Release(StoredObject owner, string finalizer) =>
        Change(owner, json => Finalizers.Set(json, [.. Finalizers.Of(json).Where(name => name != finalizer)]));

    private void Change(StoredObject stored, Action<JsonObject> change)
    {
        if (catalog.OfCollection(stored.Collection) is not { } type) return;
        try
        {
            writer.Update(
                type,
                stored.Key,
                current =>
                {
                    change(current);
                    return current;
                },
                WriteOptions.Internal("kube-controller-manager"));
        }
        catch (ApiException e) when (e.Code is 404 or 409)
        {
            // Gone or changed: its own event comes.
        }
    }

    private IEnumerable<StoredObject> Owners(StoredObject dependent) =>
        References(dependent.Json).Select(reference => Owner(dependent, reference)).OfType<StoredObject>();

    private StoredObject? Owner(StoredObject dependent, JsonObject reference)
    {
        if (TypeOf(reference) is not { } type) return null;
        var ns = type.IsNamespaced ? dependent.Key.Namespace : "";
        var owner = store.Find(type.Collection, new ObjectKey(ns, reference["name"]!.GetValue<string>()));
        return owner?.Uid == Uid(reference) ? owner : null;
    }

    private ResourceType? TypeOf(JsonObject reference) => catalog.FindKind(reference["apiVersion"]!.GetValue<string>(), reference["kind"]!.GetValue<string>());

    private static List<JsonObject> References(JsonObject json) => [.. (json["metadata"]?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>()];

    private static IEnumerable<string> Uids(JsonObject json) => References(json).Select(Uid);

    private static string Uid(JsonObject reference) => reference["uid"]!.GetValue<string>();
}
