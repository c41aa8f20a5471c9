using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>A <c>coordination.k8s.io/v1</c> Lease.</summary>
internal sealed record Lease
{
    public const string GroupVersion = "coordination.k8s.io/v1";

    public static KubeKind<Lease> NewKind() =>
        KubeKind.Of(new KubeResource("coordination.k8s.io", "v1", "leases"), KubeJson.Default.Lease, lease => lease.Metadata);

    public string ApiVersion { get; init; } = GroupVersion;
    public string Kind { get; init; } = "Lease";
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Absent on a Lease that was made ahead of its first holder, as charts do.</summary>
    public LeaseSpec? Spec { get; init; }
}
