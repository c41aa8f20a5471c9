using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The "restricted" Pod Security Standard, and a read-only root beside it.</summary>
public sealed class PodSecurityTests
{
    [Theory]
    [InlineData(Kustomization.Base)]
    [InlineData(Kustomization.Example)]
    [InlineData(Kustomization.Namespaced)]
    public void The_pod_meets_the_restricted_standard_and_cannot_write_its_root(string folder) =>
        MeetsRestrictedStandard(Kustomization.Render(folder));

    [Theory]
    [InlineData("")]
    [InlineData("{replicaCount: 2, startupProbe: {enabled: true}, podLabels: {a: b}}")]
    public void The_pod_of_the_chart_does_too(string values) => MeetsRestrictedStandard(HelmChart.Template(values));

    private static void MeetsRestrictedStandard(ManifestSet manifests)
    {
        var pod = manifests.Pod;
        foreach (var shared in new[] { "hostNetwork", "hostPID", "hostIPC", "initContainers" }) Assert.Null(pod[shared]);
        Assert.All(pod["volumes"]!.AsArray(), volume => Assert.NotNull(volume!["emptyDir"]));

        var context = pod["securityContext"]!;
        Assert.True((bool)context["runAsNonRoot"]!);
        Assert.NotEqual(0, (long)context["runAsUser"]!);
        Assert.NotEqual(0, (long)context["runAsGroup"]!);
        Assert.Equal("RuntimeDefault", (string?)context["seccompProfile"]!["type"]);

        var own = manifests.Container["securityContext"]!.AsObject();
        Assert.False((bool)own["allowPrivilegeEscalation"]!);
        Assert.False((bool)own["privileged"]!);
        Assert.True((bool)own["readOnlyRootFilesystem"]!);
        Assert.Equal("""{"drop":["ALL"]}""", own["capabilities"]!.ToJsonString());
        Assert.DoesNotContain(own, setting => setting.Key is "runAsUser" or "runAsNonRoot" or "seccompProfile");
        Assert.NotNull(manifests.Container["resources"]!["limits"]!["memory"]);
        ProbesAskTheirPaths(manifests.Container);
    }

    private static void ProbesAskTheirPaths(JsonNode container)
    {
        foreach (var (probe, path) in new[] { ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz") })
        {
            Assert.Equal((path, "http"), ((string?)container[probe]!["httpGet"]!["path"], (string?)container[probe]!["httpGet"]!["port"]));
        }
    }
}
