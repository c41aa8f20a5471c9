using System.Text.Json.Nodes;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>An object that the API server takes and nobody can read, as the program itself meets it: without what reflection would do for it.</summary>
public sealed class UnreadableObjectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_at_the_start_of_a_long_list_is_told_and_keeps_no_other_from_its_Secret()
    {
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        var sealedSecret = await tenant.SealAsync(tenant.Secret("later"));
        Assert.Equal(0, await deployment.Controller.StopAsync(Stop));
        await deployment.Controller.DisposeAsync();

        for (var i = 0; i < 50; i++) await deployment.ApplyAsync(Unreadable(tenant.Namespace, $"a{i:00}"), Stop);
        await tenant.CreateAsync(sealedSecret);
        await deployment.StartControllerAsync([], Stop);

        await tenant.SecretAsync("later", _ => { });
        await deployment.EventuallyAsync(async () =>
        {
            var found = JsonNode.Parse(await deployment.Api.GetStringAsync(new Uri($"/apis/bitnami.com/v1alpha1/namespaces/{tenant.Namespace}/sealedsecrets/a00", UriKind.Relative), Stop))!;
            var synced = found["status"]!["conditions"]![0]!;
            Assert.Equal(("Synced", "False"), ((string?)synced["type"], (string?)synced["status"]));
            Assert.StartsWith("spec.template.metadata.ownerReferences[0].name cannot be read", (string?)synced["message"], StringComparison.Ordinal);
            Assert.Contains("put it in quotes", (string?)synced["message"], StringComparison.Ordinal);
        }, Stop);
    }

    private static JsonObject Unreadable(string ns, string name) => new()
    {
        ["apiVersion"] = "bitnami.com/v1alpha1",
        ["kind"] = "SealedSecret",
        ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name, ["annotations"] = new JsonObject { ["long"] = new string('x', 1024) } },
        ["spec"] = new JsonObject
        {
            ["encryptedData"] = new JsonObject(),
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = 1, ["uid"] = "x" }) } },
        },
    };
}
