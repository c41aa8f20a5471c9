namespace GitOpsSecrets.LocalCluster;

internal enum FaultKind
{
    Answer,
    Delay,
    Disconnect,
    ExpireWatch,
}
