using System.Text;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.TestClusters;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>An operator's own definition: the controller was started with the folder, and the definition and the store are those of docs/providers/declared.md.</summary>
public sealed class OwnDefinitionTests(ExternalDeployments deployments)
{
    private const string Sources = "externalsecrets";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_Secret_comes_from_a_store_that_the_operator_defined_and_a_missing_definition_is_named(ClusterKind kind)
    {
        using var certificates = new TestCertificates();
        await using var server = await LoopbackServer.StartAsync(AnswerAsync, certificates.Issue("127.0.0.1"));
        var tenant = await deployments.TenantAsync(kind, Stop);
        var page = await File.ReadAllTextAsync(RepositoryFolder.Of("docs", "providers", "declared.md"), Stop);
        var store = DefinitionFolder.Block(page, "yaml")
            .Replace("https://vault.acme.example", server.Address.ToString(), StringComparison.Ordinal)
            .Replace("        team: shop\n", $"        team: shop\n        caBundle: {Convert.ToBase64String(Encoding.ASCII.GetBytes(certificates.Pem))}\n", StringComparison.Ordinal);
        await tenant.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: acme-key}
            stringData: {key: not-a-key}
            """);
        await tenant.ApplyAsync(store);
        await tenant.ReadyAsync("secretstores", "acme", "True");
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {refreshInterval: 1h, secretStoreRef: {name: acme}, data: [{secretKey: password, remoteRef: {key: db}}]}
            """);
        await tenant.HoldsAsync("db", "password", "hunter2");
        await tenant.ReadyAsync(Sources, "db", "True", "secret synced");

        const string Words = "spec.provider.declared.definition \"other\" is none of those that were given: there is acme";
        // By the webhook, if another test has the API server of this deployment ask it by now; else by the condition.
        var refusal = await tenant.RefusalAsync(store.Replace("name: acme}", "name: other}", StringComparison.Ordinal).Replace("definition: acme", "definition: other", StringComparison.Ordinal));
        if (refusal is null) await tenant.ReadyAsync("secretstores", "other", "False", Words);
        else Assert.Contains(Words, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-key", tenant.Deployment.Controller.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", tenant.Deployment.Controller.Log, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var isIn = context.Request.Headers.Authorization == "Bearer t" && context.Request.Headers["X-Team"] == "shop";
        var answer = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", "/login") => """{"token": "t", "seconds": 600}""",
            ("GET", "/v1/secrets/db") when isIn => """{"name": "db", "value": "hunter2"}""",
            _ => null,
        };
        if (answer is null) context.Response.StatusCode = isIn ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync(answer ?? "{}", context.RequestAborted);
    }
}
