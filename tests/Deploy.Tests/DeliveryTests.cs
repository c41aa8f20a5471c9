using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>The samples for Argo CD and Flux: what they point at is there, and in the order that they say.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public void The_Applications_deliver_folders_that_there_are_the_controller_first()
    {
        var applications = Objects("deploy/argocd/applications.yaml").ToList();
        Assert.All(applications, application => Assert.Equal(("argoproj.io/v1alpha1", "Application"), ((string?)application["apiVersion"], (string?)application["kind"])));
        Assert.All(applications, application => AssertDelivers((string)application["spec"]!["source"]!["path"]!));
        Assert.All(applications, application => Assert.NotNull(application["spec"]!["destination"]!["namespace"]));
        Assert.Equal(["gitopssecrets", "shop-production"], applications.OrderBy(WaveOf).Select(NameOf));
        // The definitions are larger than the annotation of a client-side apply.
        Assert.All(applications, application => Assert.Contains("ServerSideApply=true", application["spec"]!["syncPolicy"]!["syncOptions"]!.AsArray().Select(option => (string)option!)));
    }

    [Fact]
    public void The_Kustomizations_of_Flux_take_folders_that_there_are_from_repositories_that_there_are_the_controller_first()
    {
        var repositories = Objects("deploy/flux/git-repositories.yaml").Select(NameOf).ToList();
        var kustomizations = Objects("deploy/flux/kustomizations.yaml").ToList();
        Assert.All(kustomizations, kustomization => AssertDelivers((string)kustomization["spec"]!["path"]!));
        Assert.All(kustomizations, kustomization => Assert.Contains((string)kustomization["spec"]!["sourceRef"]!["name"]!, repositories));
        // Without it nobody waits for Secrets; with decryption Flux would write them itself.
        Assert.All(kustomizations, kustomization => Assert.True((bool)kustomization["spec"]!["wait"]!));
        Assert.All(kustomizations, kustomization => Assert.Null(kustomization["spec"]!["decryption"]));
        var names = kustomizations.Select(NameOf).ToList();
        var needed = kustomizations.SelectMany(kustomization => (kustomization["spec"]!["dependsOn"] as JsonArray ?? []).Select(needs => (string)needs!["name"]!)).ToList();
        Assert.Equal(["gitopssecrets"], needed);
        Assert.Contains(needed[0], names);
    }

    [Fact]
    public void The_kustomization_of_Flux_names_all_of_its_files()
    {
        var listed = YamlReader.Read(Repository.Read("deploy/flux/kustomization.yaml"))!["resources"]!.AsArray().Select(item => (string)item!).Order(StringComparer.Ordinal);
        Assert.Equal(Repository.Files("deploy/flux", "*.yaml").Select(file => Path.GetFileName(file)).Where(file => file != "kustomization.yaml"), listed);
    }

    /// <summary>A folder of this repository, or of the one that <c>deploy/examples/gitops-repo</c> shows.</summary>
    private static void AssertDelivers(string path)
    {
        var kustomization = Path.Combine(path, "kustomization.yaml");
        Assert.True(File.Exists(Repository.PathOf(kustomization)) || File.Exists(Repository.PathOf(Path.Combine("deploy/examples/gitops-repo", kustomization))), $"{path} is no folder with a kustomization");
    }

    private static int WaveOf(JsonObject application) =>
        int.Parse((string?)application["metadata"]!["annotations"]?["argocd.argoproj.io/sync-wave"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    private static string NameOf(JsonObject item) => (string)item["metadata"]!["name"]!;

    private static IEnumerable<JsonObject> Objects(string file) => YamlReader.ReadAll(Repository.Read(file)).Select(document => document.Root).OfType<JsonObject>();
}
