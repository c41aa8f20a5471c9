using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

public sealed class AccessTests
{
    private const string Account = "sealed-secrets-controller";

    [Theory]
    [InlineData(Kustomization.Base)]
    [InlineData(Kustomization.Example)]
    public void The_controller_may_do_what_the_original_may_hold_one_lease_follow_SopsSecrets_and_no_more(string folder)
    {
        var grants = AccessRules.Of(Kustomization.Render(folder), "ServiceAccount", Account);

        ExactlyAllowed(grants, AllowedAccess.Of(["*"], "kube-system", Account));
    }

    [Fact]
    public void Where_SopsSecrets_are_not_served_nothing_may_be_done_with_them()
    {
        var chart = HelmChart.Template("sops: {enabled: false}", release: Account);
        var roles = HelmChart.Template("{sops: {enabled: false}, rbac: {clusterRole: false, namespacedRoles: true}, additionalNamespaces: [team-a]}", release: Account);

        ExactlyAllowed(AccessRules.Of(chart, "ServiceAccount", Account), AllowedAccess.Of(["*"], "kube-system", Account, sops: false));
        ExactlyAllowed(AccessRules.Of(roles, "ServiceAccount", Account), AllowedAccess.Of(["kube-system", "team-a"], "kube-system", Account, sops: false));
        Assert.Contains("--sops=false", chart.Container["args"]!.AsArray().Select(argument => (string?)argument));
        ExactlyAllowed(AccessRules.Of(Kustomization.Render(Kustomization.SealedSecrets), "ServiceAccount", Account), AllowedAccess.Of(["*"], "kube-system", Account, sops: false));
    }

    [Fact]
    public void The_namespaced_overlay_gives_nothing_outside_its_namespaces()
    {
        var grants = AccessRules.Of(Kustomization.Render(Kustomization.Namespaced), "ServiceAccount", Account);

        ExactlyAllowed(grants, AllowedAccess.Of(["kube-system", "team-a"], "kube-system", Account));
    }

    [Theory]
    [InlineData("sealed-secrets", "kube-system")]
    [InlineData("sealed-secrets-controller", "sealing")]
    public void The_chart_gives_just_what_the_kustomize_base_gives(string release, string ns)
    {
        var manifests = HelmChart.Template(release: release, ns: ns);

        ExactlyAllowed(AccessRules.Of(manifests, "ServiceAccount", release), AllowedAccess.Of(["*"], ns, release));
        Assert.Equal(ServiceAccess(release, ns), AccessRules.Of(manifests, "Group", "system:authenticated"));
    }

    [Fact]
    public void Under_the_same_names_chart_and_base_grant_the_same()
    {
        var chart = HelmChart.Template(release: Account);
        var manifests = Kustomization.Render(Kustomization.Base);

        Assert.Equal(AccessRules.Of(manifests, "ServiceAccount", Account), AccessRules.Of(chart, "ServiceAccount", Account));
        Assert.Equal(AccessRules.Of(manifests, "Group", "system:authenticated"), AccessRules.Of(chart, "Group", "system:authenticated"));
    }

    [Fact]
    public void What_ExternalSecrets_need_is_given_only_when_asked_for_and_the_same_by_chart_and_overlay()
    {
        var overlay = AccessRules.Of(Kustomization.Render(Kustomization.ExternalSecrets), "ServiceAccount", Account);
        var chart = AccessRules.Of(HelmChart.Template("externalSecrets: {enabled: true}", release: Account), "ServiceAccount", Account);
        var without = AccessRules.Of(Kustomization.Render(Kustomization.Base), "ServiceAccount", Account);

        Assert.Equal(overlay, chart);
        Assert.Contains(overlay, grant => grant.Resource == "external-secrets.io/externalsecrets" && grant.Verb == "list");
        Assert.DoesNotContain(without, grant => grant.Resource.Contains("external-secrets", StringComparison.Ordinal));
        Assert.Empty(without.Except(overlay));
    }

    [Fact]
    public void The_chart_with_roles_in_namespaces_gives_nothing_outside_them()
    {
        var manifests = HelmChart.Template("{rbac: {clusterRole: false, namespacedRoles: true}, additionalNamespaces: [team-a, team-b]}");

        ExactlyAllowed(
            AccessRules.Of(manifests, "ServiceAccount", "sealed-secrets"),
            AllowedAccess.Of(["kube-system", "team-a", "team-b"], "kube-system", "sealed-secrets"));
        Assert.Empty(manifests.OfKind("ClusterRole"));
        Assert.Empty(manifests.OfKind("ClusterRoleBinding"));
    }

    [Theory]
    [InlineData("rbac: {create: false}")]
    [InlineData("rbac: {clusterRole: false}")]
    public void The_chart_can_leave_the_cluster_role_to_somebody_else(string values) =>
        Assert.Empty(HelmChart.Template(values).OfKind("ClusterRole"));

    [Fact]
    public void Everybody_logged_in_may_reach_the_controller_through_the_api_server_and_nothing_else()
    {
        var grants = AccessRules.Of(Kustomization.Render(Kustomization.Base), "Group", "system:authenticated");

        Assert.Equal(ServiceAccess(Account, "kube-system"), grants);
    }

    [Fact]
    public void The_account_gives_its_token_only_to_the_pod_that_asks()
    {
        var manifests = Kustomization.Render(Kustomization.Base);

        Assert.False((bool)manifests.One("ServiceAccount")["automountServiceAccountToken"]!);
        Assert.True((bool)manifests.Pod["automountServiceAccountToken"]!);
    }

    private static HashSet<Grant> ServiceAccess(string service, string home) =>
    [
        new(home, "/services", "get", service),
        .. from name in new[] { $"http:{service}:", $"http:{service}:http", service }
           from verb in new[] { "create", "get" }
           select new Grant(home, "/services/proxy", verb, name),
    ];

    private static void ExactlyAllowed(IReadOnlySet<Grant> grants, IReadOnlyList<Grant> allowed)
    {
        Assert.DoesNotContain(grants, grant => !allowed.Any(bound => bound.Covers(grant)));
        Assert.DoesNotContain(allowed, bound => !grants.Any(grant => grant.Covers(bound)));
    }
}
