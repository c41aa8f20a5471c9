using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Tests.EndToEnd;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>What the Lua of Argo CD makes of our statuses, run by Lua itself.</summary>
public sealed class ArgoTests
{
    private const string Customizations = "resource.customizations.";

    /// <summary>The rule of the check that Argo CD ships for SealedSecret, in our words: the first verdict on Synced counts; none yet means wait.</summary>
    private const string ShippedForSealedSecret =
        """
        for _, c in ipairs((obj.status or {}).conditions or {}) do
          if c.type == "Synced" and (c.status == "True" or c.status == "False") then
            return { status = c.status == "True" and "Healthy" or "Degraded", message = c.message }
          end
        end
        return { status = "Progressing" }
        """;

    [Theory]
    [InlineData("New", "Progressing", null)]
    [InlineData("Synced", "Healthy", null)]
    [InlineData("Final", "Degraded", "no key could decrypt secret (a)")]
    [InlineData("Retried", "Degraded", "the server is busy")]
    public void The_check_that_is_shipped_judges_a_SealedSecret_rightly(string outcome, string expected, string? message)
    {
        var item = ReportedStatuses.Sealed(outcome);
        Assert.Equal(expected, LuaScript.Run(ShippedForSealedSecret, item, "status"));
        Assert.Equal(message, LuaScript.Run(ShippedForSealedSecret, item, "message"));
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

    private static string Shipped(string customization) =>
        (string)YamlReader.Read(File.ReadAllText(Path.Combine(Stage.RepositoryRoot(), "deploy", "argocd", "argocd-cm.yaml")))!["data"]![Customizations + customization]!;
}
