namespace GitOpsSecrets.Controller.Restarts;

internal enum WorkloadKind
{
    Deployment,
    StatefulSet,
    DaemonSet,
}
