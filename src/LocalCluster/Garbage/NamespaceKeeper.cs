using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Garbage;

/// <summary>Gives new namespaces their default service account and CA bundle; empties terminating ones and lets them go.</summary>
internal sealed class NamespaceKeeper(ObjectStore store, ObjectWriter writer, ResourceCatalog catalog, string caPem)
{
    private const string Namespaces = "namespaces";

    public void React(ObjectChange change)
    {
        if (change.Object.Collection == Namespaces)
        {
            if (change.Kind != ChangeKind.Deleted && store.Find(Namespaces, change.Object.Key) is { } current) Reconcile(current);
            return;
        }

        if (change.Kind != ChangeKind.Deleted || change.Object.Key.Namespace.Length == 0) return;
        if (store.Find(Namespaces, new ObjectKey("", change.Object.Key.Namespace)) is { IsTerminating: true } home) Release(home);
        else Furnish(change.Object.Key.Namespace);
    }

    /// <summary>What every namespace has; made again when deleted.</summary>
    public void Furnish(string ns)
    {
        if (store.Find(Namespaces, new ObjectKey("", ns)) is not { IsTerminating: false }) return;
        Ensure("serviceaccounts", ns, "default", []);
        Ensure("configmaps", ns, "kube-root-ca.crt", new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = caPem } });
    }

    private void Ensure(string plural, string ns, string name, JsonObject json)
    {
        if (store.Find(plural, new ObjectKey(ns, name)) is not null) return;
        json["metadata"] = new JsonObject { ["name"] = name };
        try
        {
            writer.Create(catalog.Find("", "v1", plural)!, ns, json, WriteOptions.Internal("kube-controller-manager"));
        }
        catch (ApiException e) when (e.Code is 404 or 409 or 403)
        {
            // The namespace went, or somebody else made it: both are fine.
        }
    }

    private void Reconcile(StoredObject ns)
    {
        if (!ns.IsTerminating)
        {
            Furnish(ns.Key.Name);
            return;
        }

        foreach (var stored in Content(ns.Key.Name)) Collected.TryDelete(writer, catalog, stored, DeleteOptions.Background);
        Release(ns);
    }

    private void Release(StoredObject ns)
    {
        if (Content(ns.Key.Name).Count > 0 || ns.Json["spec"]?["finalizers"] is null) return;
        var type = catalog.Find("", "v1", Namespaces)!;
        try
        {
            writer.Update(
                type,
                ns.Key,
                current =>
                {
                    (current["spec"] as JsonObject)?.Remove("finalizers");
                    return current;
                },
                WriteOptions.Internal("kube-controller-manager") with { Subresource = "finalize" });
        }
        catch (ApiException e) when (e.Code == 404)
        {
            // Gone already.
        }
    }

    private List<StoredObject> Content(string ns) => [.. store.Collections().SelectMany(collection => store.Snapshot(collection).In(ns))];
}
