namespace GitOpsSecrets.LocalCluster.Storage;

/// <summary>One committed write.</summary>
/// <param name="Object">The new version; for a deletion the last one, carrying the revision of the deletion.</param>
/// <param name="Previous">The version before; <c>null</c> when added.</param>
internal sealed record ObjectChange(ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Revision => Object.Revision;
}
