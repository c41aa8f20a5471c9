using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>Proxies that a cluster puts into the environment of every pod.</summary>
public sealed class ProxyTests
{
    private const string Nowhere = "http://somebody:hunter2@127.0.0.1:1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_controller_reaches_this_machine_through_no_proxy()
    {
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, [], [], new Dictionary<string, string> { ["HTTPS_PROXY"] = Nowhere, ["https_proxy"] = Nowhere, ["NO_PROXY"] = "", ["no_proxy"] = "" }, Stop);
        Assert.NotNull(await deployment.CertificateAsync(Stop));
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named_without_its_password()
    {
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var elsewhere = deployment.ControllerKubeconfig + ".elsewhere";
        await File.WriteAllTextAsync(elsewhere, (await File.ReadAllTextAsync(deployment.ControllerKubeconfig, Stop)).Replace("//127.0.0.1:", "//api.example:", StringComparison.Ordinal).Replace("//localhost:", "//api.example:", StringComparison.Ordinal), Stop);
        await using var controller = ControllerProcess.Begin(elsewhere, [], new Dictionary<string, string> { ["HTTPS_PROXY"] = Nowhere, ["NO_PROXY"] = "", ["no_proxy"] = "" });
        await deployment.EventuallyAsync(() =>
        {
            Assert.Contains("through the proxy 127.0.0.1:1", controller.Log, StringComparison.Ordinal);
            return Task.CompletedTask;
        }, Stop);
        Assert.DoesNotContain("hunter2", controller.Log, StringComparison.Ordinal);
    }
}
