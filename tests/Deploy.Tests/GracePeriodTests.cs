using GitOpsSecrets.Controller;
using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The kubelet kills what has not ended when the pod's grace period is over: the controller's own must be shorter, and what comes after it too.</summary>
public sealed class GracePeriodTests
{
    [Theory]
    [InlineData(Kustomization.Base)]
    [InlineData(Kustomization.Example)]
    [InlineData(Kustomization.Namespaced)]
    public void The_controller_ends_before_the_pod_is_killed(string folder) => EndsInTime(Kustomization.Render(folder));

    [Theory]
    [InlineData("")]
    [InlineData("{replicaCount: 2}")]
    public void That_of_the_chart_does_too(string values) => EndsInTime(HelmChart.Template(values));

    private static void EndsInTime(ManifestSet manifests)
    {
        // A hook before the signal would use up some of it.
        Assert.Null(manifests.Container["lifecycle"]);
        Assert.DoesNotContain("--grace-period", manifests.Container.ToJsonString(), StringComparison.Ordinal);
        var pod = TimeSpan.FromSeconds((long)manifests.Pod["terminationGracePeriodSeconds"]!);
        Assert.True(ControllerProcess.LongestEnd < pod, $"{ControllerProcess.LongestEnd} is not less than {pod}");
    }
}
