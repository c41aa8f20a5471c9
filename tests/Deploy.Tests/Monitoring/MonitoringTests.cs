using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests.Monitoring;

public sealed class MonitoringTests
{
    private const string Rules = "deploy/monitoring/prometheus-rule.yaml";
    private const string Dashboard = "deploy/monitoring/dashboard.json";

    [Theory]
    [InlineData(Rules)]
    [InlineData(Dashboard)]
    [InlineData("docs/metrics.md")]
    public void Every_metric_that_is_used_is_made_by_the_controller(string file)
    {
        var made = MetricNames.InSource();
        Assert.DoesNotContain(MetricNames.UsedIn(Repository.Read(file)), name => !made.Contains(name));
    }

    [Fact]
    public void Every_metric_of_ours_is_documented()
    {
        var documented = MetricNames.UsedIn(Repository.Read("docs/metrics.md"));
        Assert.DoesNotContain(MetricNames.InSource().Where(name => !IsPartOfHistogram(name)), name => !documented.Contains(name));
    }

    [Fact]
    public void Every_alert_has_a_severity_and_says_what_is_wrong_and_what_to_do()
    {
        var alerts = YamlReader.Read(Repository.Read(Rules))!["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.Contains((string?)alert!["labels"]!["severity"], new[] { "warning", "critical" });
            Assert.NotEmpty((string)alert["annotations"]!["summary"]!);
            Assert.NotEmpty((string)alert["annotations"]!["description"]!);
        });
        Assert.Distinct(alerts.Select(alert => (string)alert!["alert"]!));
    }

    [Fact]
    public void Every_panel_of_the_dashboard_asks_the_chosen_data_source()
    {
        var dashboard = JsonNode.Parse(Repository.Read(Dashboard))!;
        var targets = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).ToList();

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.Equal("${datasource}", (string?)target!["datasource"]!["uid"]));
        Assert.Distinct(dashboard["panels"]!.AsArray().Select(panel => (long)panel!["id"]!));
    }

    [Fact]
    public void The_alerts_fire_when_they_should_and_only_then()
    {
        var folder = Directory.CreateTempSubdirectory("alerts").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "rules.yaml"), YamlWriter.Write(YamlReader.Read(Repository.Read(Rules))!["spec"]));
            File.Copy(Repository.PathOf("deploy/monitoring/alerts.test.yaml"), Path.Combine(folder, "alerts.test.yaml"));
            using var promtool = StartPromtool(folder);
            var output = promtool.StandardOutput.ReadToEnd();
            promtool.WaitForExit();
            Assert.True(promtool.ExitCode == 0, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process StartPromtool(string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", ["test", "rules", "alerts.test.yaml"]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("promtool is not on the PATH");
            throw;
        }
    }

    private static bool IsPartOfHistogram(string name) =>
        name.EndsWith("_bucket", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal);
}
