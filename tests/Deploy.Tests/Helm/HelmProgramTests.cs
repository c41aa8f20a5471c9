using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>What Helm itself makes of the chart, on machines that have it; everywhere else our imitation of it stands alone.</summary>
public sealed class HelmProgramTests
{
    private static readonly MachineProgram Helm = new("helm");

    [Theory]
    [InlineData("{}")]
    [InlineData("{replicaCount: 2, pdb: {create: true}, networkPolicy: {enabled: true}, ingress: {enabled: true, tls: true}, metrics: {dashboards: {create: true}}}")]
    [InlineData("{rbac: {clusterRole: false, namespacedRoles: true}, additionalNamespaces: [chart-c]}")]
    [InlineData("{sops: {enabled: false}}")]
    [InlineData("{externalSecrets: {enabled: true, webhook: {enabled: true, failurePolicy: Ignore}}}")]
    [InlineData("{externalSecrets: {enabled: true, events: {enabled: true, keysSecret: keys, sources: [{name: ci, generic: {keyFiles: [/etc/event-keys/ci]}}]}}}")]
    public async Task Helm_renders_the_same_objects_as_our_imitation(string values)
    {
        var (code, output, error) = await WithValuesAsync(values, "template", "sealed-secrets", Repository.PathOf(HelmChart.Folder), "--namespace", "kube-system");
        Assert.True(code == 0, error);
        var rendered = Objects(ManifestSet.Parse(output));
        var imitated = Objects(HelmChart.Template(values));
        Assert.Equal(imitated.Keys, rendered.Keys);
        Assert.All(imitated, pair => Assert.True(JsonNode.DeepEquals(pair.Value, rendered[pair.Key]), $"{pair.Key}: {rendered[pair.Key].ToJsonString()}\nis not\n{pair.Value.ToJsonString()}"));
    }

    [Fact]
    public async Task Helm_finds_no_fault_with_the_chart() =>
        Assert.Contains("0 chart(s) failed", await Helm.SucceedAsync("lint", "--strict", Repository.PathOf(HelmChart.Folder)), StringComparison.Ordinal);

    [Theory]
    [InlineData("{replicaCount: many}", "replicaCount")]
    [InlineData("{logLevl: info}", "logLevl")]
    public async Task Helm_refuses_values_that_the_schema_does_not_know(string values, string named)
    {
        var (code, _, error) = await WithValuesAsync(values, "template", "sealed-secrets", Repository.PathOf(HelmChart.Folder));
        Assert.NotEqual(0, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    private static SortedDictionary<string, JsonObject> Objects(ManifestSet manifests) =>
        new(manifests.All.ToDictionary(manifest => manifest.ToString(), manifest => manifest.Json), StringComparer.Ordinal);

    private static async Task<(int Code, string Output, string Error)> WithValuesAsync(string values, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values, TestContext.Current.CancellationToken);
            return await Helm.RunAsync([.. arguments, "--values", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
