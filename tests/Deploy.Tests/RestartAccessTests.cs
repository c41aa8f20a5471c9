using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>Restarting workloads is asked for: by a component of Kustomize, by a value of the chart.</summary>
public sealed class RestartAccessTests
{
    private const string Account = "sealed-secrets-controller";

    [Fact]
    public void By_default_the_controller_may_not_touch_workloads()
    {
        Assert.Empty(Workloads(HelmChart.Template("{}", release: Account)));
        Assert.Empty(Workloads(Kustomization.Render(Kustomization.Base)));
    }

    [Fact]
    public void Where_it_is_asked_for_it_may_find_and_patch_them_and_no_more()
    {
        string[] expected = ["daemonsets list", "daemonsets patch", "deployments list", "deployments patch", "statefulsets list", "statefulsets patch"];
        Assert.Equal(expected, Workloads(HelmChart.Template("{restart: {enabled: true}}", release: Account)));
        Assert.Equal(expected, Workloads(WithComponent()));
    }

    private static ManifestSet WithComponent()
    {
        var folder = Directory.CreateTempSubdirectory("restart-overlay-");
        try
        {
            string Relative(string path) => Path.GetRelativePath(folder.FullName, Repository.PathOf(path));
            File.WriteAllText(Path.Combine(folder.FullName, "kustomization.yaml"), $"resources: [\"{Relative(Kustomization.Base)}\"]\ncomponents: [\"{Relative("deploy/kustomize/components/restart")}\"]\n");
            return Kustomization.Render(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<string> Workloads(ManifestSet manifests) =>
        [.. AccessRules.Of(manifests, "ServiceAccount", Account).Where(grant => grant.Resource.StartsWith("apps/", StringComparison.Ordinal)).Select(grant => $"{grant.Resource["apps/".Length..]} {grant.Verb}").Order(StringComparer.Ordinal)];
}
