using GitOpsSecrets.LocalCluster.CustomResources;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Garbage;

/// <summary>Deletes the objects of a CustomResourceDefinition that is being deleted, then lets it go.</summary>
internal sealed class DefinitionKeeper(ObjectStore store, ObjectWriter writer, ResourceCatalog catalog)
{
    public void React(ObjectChange change)
    {
        if (change.Object.Collection == CustomResourceRules.Collection)
        {
            if (change.Kind == ChangeKind.Deleted || store.Find(CustomResourceRules.Collection, change.Object.Key) is not { IsTerminating: true } definition) return;
            foreach (var stored in store.Snapshot(definition.Key.Name).Objects.Values) Collected.TryDelete(writer, catalog, stored, DeleteOptions.Background);
            Release(definition);
            return;
        }

        // A custom resource's collection carries the name of its definition.
        if (change.Kind != ChangeKind.Deleted) return;
        if (store.Find(CustomResourceRules.Collection, new ObjectKey("", change.Object.Collection)) is { IsTerminating: true } owner) Release(owner);
    }

    private void Release(StoredObject definition)
    {
        if (!store.Snapshot(definition.Key.Name).Objects.IsEmpty || !Finalizers.Of(definition.Json).Contains(CustomResourceRules.Cleanup)) return;
        var type = catalog.Find(CustomResourceRules.Group, "v1", "customresourcedefinitions")!;
        try
        {
            writer.Update(
                type,
                definition.Key,
                current =>
                {
                    Finalizers.Set(current, [.. Finalizers.Of(current).Where(name => name != CustomResourceRules.Cleanup)]);
                    return current;
                },
                WriteOptions.Internal("kube-apiserver"));
        }
        catch (ApiException e) when (e.Code == 404)
        {
            // Gone already.
        }
    }
}
