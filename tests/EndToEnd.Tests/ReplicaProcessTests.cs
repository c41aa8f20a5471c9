using System.Text.Json.Nodes;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>Two replicas as two processes, of which one is killed: nobody gives the Lease back then.</summary>
public sealed class ReplicaProcessTests
{
    private const string Lease = $"/apis/coordination.k8s.io/v1/namespaces/{Deployment.Namespace}/leases/{Deployment.Name}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_leading_process_is_killed_the_other_takes_over_and_repeats_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no signal to kill with");
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var certificate = await deployment.CertificateAsync(Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        await tenant.CreateAsync(Tenant.Seal(tenant.Secret("before"), certificate));
        await tenant.SealedSecretAsync("before", found => Assert.Equal("True", (string?)Tenant.Synced(found)["status"]));
        var first = await HolderAsync(deployment);

        await using var second = await ControllerProcess.StartAsync(deployment.ControllerKubeconfig, [], new Dictionary<string, string>(), Stop);
        var (secret, source) = (await tenant.FindSecretAsync("before"), await tenant.FindSealedSecretAsync("before"));
        await deployment.Controller.SignalAsync("KILL", Stop);
        await deployment.EventuallyAsync(async () =>
        {
            var holder = await HolderAsync(deployment);
            Assert.False(string.IsNullOrEmpty(holder) || holder == first, $"the Lease is still held by \"{holder}\"");
        }, Stop);

        await tenant.CreateAsync(Tenant.Seal(tenant.Secret("after"), certificate));
        await tenant.SecretAsync("after", found => Assert.Equal("bar", Tenant.Item(found, "foo")));
        Assert.Equal(Version(secret), Version(await tenant.FindSecretAsync("before")));
        Assert.Equal(Version(source), Version(await tenant.FindSealedSecretAsync("before")));
    }

    private static async Task<string?> HolderAsync(Deployment deployment) =>
        (string?)JsonNode.Parse(await deployment.Api.GetStringAsync(new Uri(Lease, UriKind.Relative), Stop))!["spec"]!["holderIdentity"];

    private static string? Version(JsonObject? found) => (string?)found!["metadata"]!["resourceVersion"];
}
