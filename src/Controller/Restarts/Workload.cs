using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>Something whose pods can be replaced one after the other.</summary>
internal sealed record Workload(WorkloadKind Kind, string Name)
{
    public override string ToString() => $"{Kind}/{Name}";

    public static KubeResource Resource(WorkloadKind kind) => kind switch
    {
        WorkloadKind.Deployment => new KubeResource("apps", "v1", "deployments"),
        WorkloadKind.StatefulSet => new KubeResource("apps", "v1", "statefulsets"),
        WorkloadKind.DaemonSet => new KubeResource("apps", "v1", "daemonsets"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
