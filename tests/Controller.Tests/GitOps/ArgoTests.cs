using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Tests.EndToEnd;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>What the Lua of Argo CD makes of our statuses, run by Lua itself.</summary>
public sealed class ArgoTests
{
    private const string Customizations = "resource.customizations.";

    [Theory]
    [InlineData("New", "Progressing", "Waiting for")]
    [InlineData("Synced", "Healthy", "")]
    [InlineData("Final", "Degraded", "no key could decrypt secret (a)")]
    [InlineData("Retried", "Degraded", "the server is busy")]
    public void The_check_that_is_shipped_judges_a_SealedSecret_rightly(string outcome, string expected, string message)
    {
        var item = ReportedStatuses.Sealed(outcome);
        Assert.Equal(expected, LuaScript.Run(ShippedHealth.SealedSecret, item, "status"));
        Assert.StartsWith(message, LuaScript.Run(ShippedHealth.SealedSecret, item, "message") ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New", "Progressing", "Waiting for")]
    [InlineData("Synced", "Healthy", "secret synced")]
    [InlineData("Final", "Degraded", "could not get secret data from provider: data[0]: k: not found")]
    [InlineData("Retried", "Degraded", "could not get secret data from provider: data[0]: k: not found")]
    public void The_check_that_is_shipped_judges_an_ExternalSecret_rightly(string outcome, string expected, string message)
    {
        var item = ReportedStatuses.External(outcome);
        Assert.Equal(expected, LuaScript.Run(ShippedHealth.Of("ExternalSecret"), item, "status"));
        Assert.StartsWith(message, LuaScript.Run(ShippedHealth.Of("ExternalSecret"), item, "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New", "Progressing")]
    [InlineData("Synced", "Healthy")]
    [InlineData("Final", "Degraded")]
    [InlineData("Retried", "Degraded")]
    public void The_check_that_is_shipped_judges_a_PushSecret_rightly(string outcome, string expected) =>
        Assert.Equal(expected, LuaScript.Run(ShippedHealth.Of("PushSecret"), ReportedStatuses.Pushed(outcome), "status"));

    [Theory]
    [InlineData("New", "Progressing", "Waiting for")]
    [InlineData("Synced", "Healthy", "store validated")]
    [InlineData("Unknown", "Healthy", "could not determine validation status: the server is busy")]
    [InlineData("Retried", "Degraded", "unable to validate store: permission denied")]
    public void The_check_that_is_shipped_judges_stores_rightly(string outcome, string expected, string message)
    {
        foreach (var kind in new[] { "SecretStore", "ClusterSecretStore" })
        {
            var item = ReportedStatuses.Store(outcome, clusterWide: kind == "ClusterSecretStore");
            Assert.Equal(expected, LuaScript.Run(ShippedHealth.Of(kind), item, "status"));
            Assert.StartsWith(message, LuaScript.Run(ShippedHealth.Of(kind), item, "message"), StringComparison.Ordinal);
        }
    }

    /// <summary>Argo CD has none of its own since 1.8, and without one a wave of Applications waits for nothing.</summary>
    [Theory]
    [InlineData("""{}""", "Progressing", "Waiting for the Application to be looked at")]
    [InlineData("""{"status": {"health": {}}}""", "Progressing", "Waiting for the Application to be looked at")]
    [InlineData("""{"status": {"health": {"status": "Healthy"}}}""", "Healthy", null)]
    [InlineData("""{"status": {"health": {"status": "Degraded", "message": "a pod fails"}}}""", "Degraded", "a pod fails")]
    public void The_check_that_we_ship_makes_Applications_wait_for_one_another(string item, string expected, string? message)
    {
        var script = Shipped("health.argoproj.io_Application");
        Assert.Equal(expected, LuaScript.Run(script, JsonNode.Parse(item)!.AsObject(), "status"));
        Assert.Equal(message, LuaScript.Run(script, JsonNode.Parse(item)!.AsObject(), "message"));
    }

    [Theory]
    [InlineData(0, "Healthy", null)]
    [InlineData(1, "Degraded", "one or more namespaces failed")]
    [InlineData(2, "Degraded", "one or more namespaces failed")]
    public void The_check_that_is_shipped_judges_a_ClusterExternalSecret_rightly(int failed, string expected, string? message)
    {
        var item = ReportedStatuses.Everywhere(failed);
        Assert.Equal(expected, LuaScript.Run(ShippedHealth.ClusterExternalSecret, item, "status"));
        Assert.Equal(message, LuaScript.Run(ShippedHealth.ClusterExternalSecret, item, "message"));
    }

    [Theory]
    [InlineData("New", 0, "Progressing")]
    [InlineData("Synced", 0, "Healthy")]
    [InlineData("Synced", 1, "Progressing")]
    [InlineData("Final", 0, "Degraded")]
    [InlineData("Retried", 0, "Degraded")]
    [InlineData("Suspended", 0, "Suspended")]
    public void The_check_that_we_ship_judges_a_SopsSecret_rightly(string outcome, int behind, string expected) =>
        Assert.Equal(expected, LuaScript.Run(Shipped("health.isindir.github.com_SopsSecret"), ReportedStatuses.Sops(outcome, behind), "status"));

    [Theory]
    [InlineData("bitnami.com_SealedSecret")]
    [InlineData("isindir.github.com_SopsSecret")]
    public void The_action_that_we_ship_asks_for_a_pass_in_the_words_that_the_controller_understands(string kind)
    {
        var actions = YamlReader.Read(Shipped("actions." + kind))!;
        var item = kind.StartsWith("bitnami", StringComparison.Ordinal) ? ReportedStatuses.Sealed("Synced") : ReportedStatuses.Sops("Synced");
        Assert.Equal("false", LuaScript.Run((string)actions["discovery.lua"]!, item, "refresh", "disabled"));
        var action = actions["definitions"]!.AsArray().Single()!;
        Assert.Equal("refresh", (string?)action["name"]);
        var asked = LuaScript.Run((string)action["action.lua"]!, item, "metadata", "annotations", Api.ReconcileRequest.Annotation);
        Assert.Matches("^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", asked!);
    }

    [Fact]
    public void The_action_on_a_SopsSecret_is_off_while_it_is_suspended()
    {
        var item = ReportedStatuses.Sops("Synced");
        item["spec"] = new JsonObject { ["suspend"] = true };
        Assert.Equal("true", LuaScript.Run((string)YamlReader.Read(Shipped("actions.isindir.github.com_SopsSecret"))!["discovery.lua"]!, item, "refresh", "disabled"));
    }

    private static string Shipped(string customization) =>
        (string)YamlReader.Read(File.ReadAllText(Path.Combine(Stage.RepositoryRoot(), "deploy", "argocd", "argocd-cm.yaml")))!["data"]![Customizations + customization]!;
}
