using System.Collections.Concurrent;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.TestClusters;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>Stores that go away, fail and throttle, by the clock on the wall: only that nothing comes too soon can be claimed of it.</summary>
public sealed class StoreTroubleTests(ExternalDeployments deployments)
{
    private const string Sources = "externalsecrets";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_store_that_is_deleted_while_it_is_used_leaves_the_Secret_and_may_come_back(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await UseAsync(tenant);
        await tenant.HoldsAsync("db", "a", "v");
        await tenant.ReadyAsync(Sources, "db", "True");
        await tenant.DeleteAsync("secretstores", "store");
        await tenant.ReadyAsync(Sources, "db", "False", "could not get SecretStore \"store\", SecretStore.external-secrets.io \"store\" not found");
        await tenant.HoldsAsync("db", "a", "v");
        await tenant.FakeAsync(("k", "w"));
        await tenant.HoldsAsync("db", "a", "w");
        await tenant.ReadyAsync(Sources, "db", "True", "secret synced");
    }

    [Theory, OnEachCluster]
    public async Task A_store_that_fails_is_told_without_its_words_and_followed_when_it_answers_again(ClusterKind kind)
    {
        var status = StatusCodes.Status503ServiceUnavailable;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("hunter2", context.RequestAborted);
        });
        var tenant = await deployments.TenantAsync(kind, Stop);
        await WebhookAsync(tenant, server);
        await UseAsync(tenant);
        var told = await tenant.ReadyAsync(Sources, "db", "False", "endpoint gave error 503");
        Assert.DoesNotContain("hunter2", told.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["Ready=False", "Reconciling=True"], ExternalTenant.Conditions(told));
        Volatile.Write(ref status, StatusCodes.Status200OK);
        await tenant.HoldsAsync("db", "a", "hunter2");
        await tenant.ReadyAsync(Sources, "db", "True", "secret synced");
        Assert.DoesNotContain("hunter2", tenant.Deployment.Controller.Log, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_store_that_throttles_is_left_alone_for_as_long_as_it_asks(ClusterKind kind)
    {
        var pause = TimeSpan.FromSeconds(4);
        var asked = new ConcurrentQueue<DateTimeOffset>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Enqueue(TimeProvider.System.GetUtcNow());
            if (asked.Count > 1) return context.Response.WriteAsync("v", context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = ((int)pause.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        var tenant = await deployments.TenantAsync(kind, Stop);
        await WebhookAsync(tenant, server);
        await UseAsync(tenant);
        await tenant.HoldsAsync("db", "a", "v");
        var times = asked.ToArray();
        Assert.True(times[1] - times[0] >= pause - TimeSpan.FromMilliseconds(50), $"asked again after {times[1] - times[0]}");
    }

    private static Task WebhookAsync(ExternalTenant tenant, LoopbackServer server) => tenant.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: {name: store}
        spec: {provider: {webhook: {url: "{{{server.Address}}}", result: {} } } }
        """);

    private static Task UseAsync(ExternalTenant tenant) => tenant.ApplyAsync("""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: db}
        spec: {refreshInterval: 1h, secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
        """);
}
