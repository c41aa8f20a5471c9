using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests.Kustomize;

public sealed class KustomizationTests
{
    [Fact]
    public void The_base_has_the_names_of_the_original_so_that_it_takes_its_place()
    {
        var manifests = Kustomization.Render(Kustomization.Base);

        Assert.Equal(
            [
                "ClusterRole /secrets-unsealer",
                "ClusterRoleBinding /sealed-secrets-controller",
                "CustomResourceDefinition /sealedsecrets.bitnami.com",
                "CustomResourceDefinition /sopssecrets.isindir.github.com",
                "Deployment kube-system/sealed-secrets-controller",
                "NetworkPolicy kube-system/sealed-secrets-controller",
                "Role kube-system/sealed-secrets-key-admin",
                "Role kube-system/sealed-secrets-leader-election",
                "Role kube-system/sealed-secrets-service-proxier",
                "RoleBinding kube-system/sealed-secrets-controller",
                "RoleBinding kube-system/sealed-secrets-leader-election",
                "RoleBinding kube-system/sealed-secrets-service-proxier",
                "Service kube-system/sealed-secrets-controller",
                "Service kube-system/sealed-secrets-controller-metrics",
                "ServiceAccount kube-system/sealed-secrets-controller",
            ],
            manifests.All.Select(manifest => manifest.ToString()).Where(name => !name.EndsWith("external-secrets.io", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            GitOpsSecrets.Crds.Definitions.All().Select(definition => (string?)definition["metadata"]!["name"]),
            manifests.OfKind("CustomResourceDefinition").Select(definition => definition.Name).Where(name => name.EndsWith("external-secrets.io", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // The selector of a Deployment cannot be changed, so it must be the original's for `kubectl apply` to go through.
        Assert.Equal("""{"name":"sealed-secrets-controller"}""", manifests.Deployment["spec", "selector", "matchLabels"]!.ToJsonString());
    }

    [Fact]
    public void The_services_lead_to_the_ports_of_the_pod()
    {
        var manifests = Kustomization.Render(Kustomization.Base);

        ServiceChecks.LeadToThePod(manifests, "sealed-secrets-controller", "http", 8080);
        ServiceChecks.LeadToThePod(manifests, "sealed-secrets-controller-metrics", "metrics", 8081);
    }

    [Fact]
    public void The_example_runs_two_replicas_and_keeps_one_when_nodes_are_drained()
    {
        var manifests = Kustomization.Render(Kustomization.Example);

        Assert.Equal(2, (long)manifests.Deployment["spec", "replicas"]!);
        Assert.Equal(1, (long)manifests.One("PodDisruptionBudget")["spec", "minAvailable"]!);
        Assert.NotNull(manifests.Pod["affinity"]);
    }

    [Fact]
    public void The_overlay_of_SealedSecrets_alone_is_the_base_without_what_other_operators_may_have_installed()
    {
        var manifests = Kustomization.Render(Kustomization.SealedSecrets);

        Assert.Equal("sealedsecrets.bitnami.com", Assert.Single(manifests.OfKind("CustomResourceDefinition")).Name);
        Assert.Equal(
            Kustomization.Render(Kustomization.Base).All.Where(manifest => manifest.Kind != "CustomResourceDefinition").Select(manifest => manifest.ToString()),
            manifests.All.Where(manifest => manifest.Kind != "CustomResourceDefinition").Select(manifest => manifest.ToString()));
        var off = manifests.Container["env"]!.AsArray().Where(variable => (string?)variable!["value"] == "false").Select(variable => (string)variable!["name"]!);
        Assert.Equal(["SEALED_SECRETS_EXTERNAL_SECRETS", "SEALED_SECRETS_SOPS"], off);
    }

    [Fact]
    public void The_namespaced_overlay_watches_the_namespaces_that_it_has_roles_for()
    {
        var manifests = Kustomization.Render(Kustomization.Namespaced);

        Assert.Empty(manifests.OfKind("ClusterRole"));
        Assert.Empty(manifests.OfKind("ClusterRoleBinding"));
        Assert.Equal(["kube-system", "team-a"], manifests.OfKind("Role").Where(role => role.Name == "secrets-unsealer").Select(role => role.Namespace!));
        Assert.Equal("""["--additional-namespaces=team-a"]""", manifests.Container["args"]!.ToJsonString());
    }
}
