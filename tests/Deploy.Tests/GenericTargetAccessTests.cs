using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>Writing other kinds than Secrets is asked for: by a component of Kustomize, by a value of the chart.</summary>
public sealed class GenericTargetAccessTests
{
    private const string Account = "sealed-secrets-controller";
    private const string Flag = "--unsafe-allow-generic-targets";

    [Fact]
    public void By_default_the_controller_may_write_no_ConfigMap()
    {
        Assert.DoesNotContain("configmaps create", Grants(HelmChart.Template("{externalSecrets: {enabled: true}}", release: Account)));
        Assert.DoesNotContain("configmaps create", Grants(Kustomization.Render("deploy/kustomize/overlays/external-secrets")));
        Assert.DoesNotContain(Flag, Text(HelmChart.Template("{externalSecrets: {enabled: true}}", release: Account)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_it_is_asked_for_it_may_write_what_is_named_and_no_more()
    {
        string[] expected = ["configmaps create", "configmaps delete", "configmaps get", "configmaps list", "configmaps update", "configmaps watch"];
        var component = WithComponent();
        Assert.Equal(expected, Grants(component));
        Assert.Contains("SEALED_SECRETS_UNSAFE_ALLOW_GENERIC_TARGETS", Text(component), StringComparison.Ordinal);
        var chart = HelmChart.Template("{genericTargets: {enabled: true, resources: [{apiGroup: '', resources: [configmaps], verbs: [get, list, watch, create, update, delete]}]}}", release: Account);
        Assert.Equal(expected, Grants(chart));
        Assert.Contains(Flag, Text(chart), StringComparison.Ordinal);
    }

    private static ManifestSet WithComponent()
    {
        var folder = Directory.CreateTempSubdirectory("targets-overlay-");
        try
        {
            string Relative(string path) => Path.GetRelativePath(folder.FullName, Repository.PathOf(path));
            File.WriteAllText(Path.Combine(folder.FullName, "kustomization.yaml"), $"resources: [\"{Relative(Kustomization.Base)}\"]\ncomponents: [\"{Relative("deploy/kustomize/components/generic-targets")}\"]\n");
            return Kustomization.Render(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<string> Grants(ManifestSet manifests) =>
        [.. AccessRules.Of(manifests, "ServiceAccount", Account).Where(grant => grant.Resource.EndsWith("configmaps", StringComparison.Ordinal)).Select(grant => $"configmaps {grant.Verb}").Distinct().Order(StringComparer.Ordinal)];

    private static string Text(ManifestSet manifests) => manifests.Container.ToJsonString();
}
