using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>What Helm itself makes of the chart, on machines that have it; everywhere else our imitation of it stands alone.</summary>
public sealed class HelmProgramTests
{
    private static readonly MachineProgram Helm = new("helm");

    [Fact]
    public async Task Helm_renders_the_same_objects_as_our_imitation()
    {
        var rendered = ManifestSet.Parse(await Helm.SucceedAsync("template", "sealed-secrets", Repository.PathOf(HelmChart.Folder), "--namespace", "kube-system"));
        Assert.Equal(Names(HelmChart.Template()), Names(rendered));
    }

    [Fact]
    public async Task Helm_finds_no_fault_with_the_chart() =>
        Assert.Contains("0 chart(s) failed", await Helm.SucceedAsync("lint", "--strict", Repository.PathOf(HelmChart.Folder)), StringComparison.Ordinal);

    private static IEnumerable<string> Names(ManifestSet manifests) => manifests.All.Select(manifest => manifest.ToString()).Order(StringComparer.Ordinal);
}
