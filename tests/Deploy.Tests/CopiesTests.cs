namespace GitOpsSecrets.Deploy.Tests;

/// <summary>A chart must hold its files itself, so some exist twice.</summary>
public sealed class CopiesTests
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
}
