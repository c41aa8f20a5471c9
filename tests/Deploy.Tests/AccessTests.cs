using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;

namespace GitOpsSecrets.Deploy.Tests;

public sealed class AccessTests
{
    private const string Account = "sealed-secrets-controller";

    [Theory]
    [InlineData(Kustomization.Base)]
    [InlineData(Kustomization.Example)]
    public void The_controller_may_do_what_the_original_may_and_hold_one_lease_and_no_more(string folder)
    {
        var grants = AccessRules.Of(Kustomization.Render(folder), "ServiceAccount", Account);

        ExactlyAllowed(grants, AllowedAccess.Of(["*"], "kube-system", Account));
    }

    [Fact]
    public void The_namespaced_overlay_gives_nothing_outside_its_namespaces()
    {
        var grants = AccessRules.Of(Kustomization.Render(Kustomization.Namespaced), "ServiceAccount", Account);

        ExactlyAllowed(grants, AllowedAccess.Of(["kube-system", "team-a"], "kube-system", Account));
    }

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
