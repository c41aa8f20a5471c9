using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests.Helm;

public sealed class ValuesTests
{
    [Fact]
    public void The_default_values_fit_the_schema() => Assert.Empty(ValuesSchema.Problems(HelmChart.DefaultValues()));

    [Theory]
    [InlineData("replicas: 2", "values.replicas is unknown")]
    [InlineData("image: {tags: x}", "values.image.tags is unknown")]
    [InlineData("replicaCount: many", "values.replicaCount is not \"integer\"")]
    [InlineData("secretName: Upper_Case", "values.secretName does not match ^[a-z0-9-]+$")]
    [InlineData("keyrenewperiod: 30d", "values.keyrenewperiod does not match")]
    [InlineData("image: {pullPolicy: Sometimes}", "values.image.pullPolicy is none of")]
    [InlineData("service: {port: 0}", "values.service.port is below 1")]
    [InlineData("rbac: {pspEnabled: true}", "values.rbac.pspEnabled is not false")]
    [InlineData("ingress: {selfSigned: true}", "values.ingress.selfSigned is not false")]
    [InlineData("ingress: {secrets: [{name: a}]}", "values.ingress.secrets has too many items")]
    [InlineData("additionalNamespaces: team-a", "values.additionalNamespaces is not \"array\"")]
    [InlineData("privateKeyLabels: {a: 1}", "values.privateKeyLabels.a is not \"string\"")]
    public void A_value_that_makes_no_sense_is_refused(string values, string problem) =>
        Assert.Contains(ValuesSchema.Problems(HelmChart.Merged(values)), found => found.StartsWith(problem, StringComparison.Ordinal));

    /// <summary>What the default values of the sealed-secrets chart 2.18 set: a file made from a copy of them must pass.</summary>
    [Theory]
    [InlineData("{kubeVersion: '', rbac: {pspEnabled: false}, ingress: {apiVersion: '', selfSigned: false, secrets: []}}")]
    [InlineData("{keyrenewperiod: '0', rateLimit: '', maxRetries: '', watchForSecrets: false, logInfoStdout: false, revisionHistoryLimit: ''}")]
    [InlineData("{logLevel: debug, logFormat: JSON}")]
    [InlineData("{logLevel: verbose, logFormat: xml}")]
    [InlineData("{resources: {limits: {}, requests: {}}, podSecurityContext: {enabled: true, fsGroup: 65534}, hostPorts: {http: '', metrics: ''}}")]
    [InlineData("{networkPolicy: {enabled: false, egress: {enabled: false, kubeapiCidr: '', kubeapiPort: ''}}, pdb: {create: false, minAvailable: 1, maxUnavailable: ''}}")]
    public void Values_of_the_original_chart_pass(string values) => Assert.Empty(ValuesSchema.Problems(HelmChart.Merged(values)));

    [Fact]
    public void Every_value_is_described_in_the_readme()
    {
        var readme = Repository.Read(HelmChart.Folder + "/README.md");
        Assert.DoesNotContain(Leaves(HelmChart.DefaultValues(), ""), path => !IsDescribed(readme, path));
    }

    [Fact]
    public void Every_value_in_the_table_of_the_readme_exists()
    {
        var rows = Repository.Read(HelmChart.Folder + "/README.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var names = rows.SelectMany(row => row.Split('|')[1].Split(',')).Select(name => name.Trim(' ', '`').Replace(".*", "", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => name.Split('.').Aggregate((JsonNode?)HelmChart.DefaultValues(), (node, part) => node is JsonObject map && map.ContainsKey(part) ? map[part] ?? new JsonObject() : null) is null);
    }

    [Fact]
    public void The_chart_and_the_images_of_kustomize_have_one_version()
    {
        var chart = YamlReader.Read(Repository.Read(HelmChart.Folder + "/Chart.yaml"))!;
        Assert.Equal((string?)chart["version"], (string?)chart["appVersion"]);
        foreach (var folder in new[] { "base", "overlays/example" })
        {
            var images = YamlReader.Read(Repository.Read($"deploy/kustomize/{folder}/kustomization.yaml"))!["images"]!.AsArray();
            Assert.Equal((string?)chart["appVersion"], (string?)Assert.Single(images)!["newTag"]);
        }
        Assert.Contains($"<Version>{chart["version"]}</Version>", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(JsonObject map, string prefix) => map.SelectMany(entry =>
        entry.Value is JsonObject { Count: > 0 } inner ? Leaves(inner, $"{prefix}{entry.Key}.") : [prefix + entry.Key]);

    // `a.b.c`, or `a.*` for all below a, or `a` as a whole.
    private static bool IsDescribed(string readme, string path)
    {
        if (readme.Contains($"`{path}`", StringComparison.Ordinal)) return true;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (readme.Contains($"`{path[..dot]}.*`", StringComparison.Ordinal) || readme.Contains($"`{path[..dot]}`", StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
