using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Garbage;

internal static class Collected
{
    /// <summary>Deletes this very object; does nothing when it is gone or another took its name.</summary>
    public static void TryDelete(ObjectWriter writer, ResourceCatalog catalog, StoredObject stored, DeleteOptions options)
    {
        if (catalog.OfCollection(stored.Collection) is not { } type) return;
        try
        {
            writer.Delete(type, stored.Key, options with { PreconditionUid = stored.Uid });
        }
        catch (ApiException e) when (e.Code is 404 or 409)
        {
            // Gone, or not the one that was meant.
        }
    }
}
