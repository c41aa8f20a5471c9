using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>A chart must hold its files itself, so some exist twice.</summary>
public sealed partial class CopiesTests
{
    [Theory]
    [InlineData("deploy/crds/sealedsecrets.bitnami.com.yaml", "deploy/helm/gitopssecrets/crds/sealedsecrets.bitnami.com.yaml")]
    [InlineData("deploy/crds/sopssecrets.isindir.github.com.yaml", "deploy/helm/gitopssecrets/crds/sopssecrets.isindir.github.com.yaml")]
    [InlineData("deploy/monitoring/dashboard.json", "deploy/helm/gitopssecrets/dashboards/sealed-secrets.json")]
    [InlineData("deploy/monitoring/prometheus-rule.yaml", "deploy/helm/gitopssecrets/alerts/prometheus-rule.yaml")]
    public void The_chart_has_the_same_file(string original, string copy) => Assert.Equal(Repository.Read(original), Repository.Read(copy));

    [Fact]
    public void The_image_runs_as_the_user_that_the_pod_is_given()
    {
        var users = Repository.Read("deploy/Dockerfile").Split('\n').Where(line => line.StartsWith("USER ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["USER 1001:65532", "USER 1001:65532"], users);
        foreach (var pod in new[] { "deploy/kustomize/base/deployment.yaml", "deploy/helm/gitopssecrets/values.yaml" })
        {
            Assert.Contains("runAsUser: 1001", Repository.Read(pod), StringComparison.Ordinal);
            Assert.Contains("runAsGroup: 65532", Repository.Read(pod), StringComparison.Ordinal);
        }
    }

    /// <summary>CI has no engine that builds images, but publishes what goes into them: with an option of its own an image might not build, and nobody would know.</summary>
    [Fact]
    public void The_image_publishes_with_the_options_that_CI_publishes_with()
    {
        var inImage = Publishes("deploy/Dockerfile");
        Assert.Equal(2, inImage.Count);
        Assert.Equal(Publishes(".ci/run"), inImage);

        static List<string> Publishes(string file) =>
            [.. PublishCommand().Matches(Repository.Read(file)).Select(match => OutputOption().Replace(match.Value.TrimEnd(), "")).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"dotnet publish [^&\\\n]*")]
    private static partial Regex PublishCommand();

    [GeneratedRegex(" -o [^ ]+")]
    private static partial Regex OutputOption();
}
