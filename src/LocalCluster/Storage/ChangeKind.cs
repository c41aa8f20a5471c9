namespace GitOpsSecrets.LocalCluster.Storage;

internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}
