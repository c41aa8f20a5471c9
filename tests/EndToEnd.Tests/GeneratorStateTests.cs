using System.Collections.Concurrent;
using System.Globalization;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.TestClusters;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>What a generator leaves at a service is written down by the deployed controller, and taken back.</summary>
public sealed class GeneratorStateTests(ExternalDeployments deployments)
{
    private const string Finalizer = "generatorstate.externalsecrets.io/finalizer";
    private readonly ConcurrentDictionary<int, string> alive = new();
    private int made;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_token_has_a_state_that_gets_a_deadline_when_it_is_replaced_and_takes_it_back_when_it_goes(ClusterKind kind)
    {
        await using var gitlab = await LoopbackServer.StartAsync(AnswerAsync);
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: gitlab}
            stringData: {token: glpat-not-a-token}
            ---
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: GitlabDeployToken
            metadata: {name: deploy}
            spec: {url: "{{{gitlab.Address}}}", projectID: "5", name: cluster, scopes: [read_registry], auth: {token: {secretRef: {name: gitlab, key: token} } } }
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: deploy}
            spec: {refreshInterval: 24h, dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: GitlabDeployToken, name: deploy} } }] }
            """);
        await tenant.HoldsAsync("deploy", "token", "token-1");
        var first = Assert.Single(await tenant.ListAsync("generatorstates"));
        Assert.Equal([Finalizer], first["metadata"]!["finalizers"]!.AsArray().Select(finalizer => (string)finalizer!));
        Assert.Equal("deploy", (string?)first["metadata"]!["ownerReferences"]![0]!["name"]);
        Assert.DoesNotContain("token-1", first.ToJsonString(), StringComparison.Ordinal);

        await tenant.PatchAsync("externalsecrets", "deploy", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await tenant.HoldsAsync("deploy", "token", "token-2");
        await tenant.SeeAsync("generatorstates", (string)first["metadata"]!["name"]!, state => Assert.NotNull(state["spec"]!["garbageCollectionDeadline"]));
        Assert.Equal([1, 2], alive.Keys.Order());

        foreach (var state in await tenant.ListAsync("generatorstates")) await tenant.DeleteAsync("generatorstates", (string)state["metadata"]!["name"]!);
        await tenant.Deployment.EventuallyAsync(async () => Assert.Empty(await tenant.ListAsync("generatorstates")), Stop);
        Assert.Empty(alive);
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method == HttpMethods.Delete)
        {
            alive.TryRemove(int.Parse(context.Request.Path.Value!.Split('/')[^1], CultureInfo.InvariantCulture), out _);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
        var number = Interlocked.Increment(ref made);
        alive[number] = context.Request.Path;
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"id":{{number}},"name":"cluster","username":"bot","token":"token-{{number}}"}""", context.RequestAborted);
    }
}
