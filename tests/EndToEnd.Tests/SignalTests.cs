using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>Signals to the real process, which needs a deployment of its own: it does not survive them.</summary>
public sealed class SignalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SIGUSR1_makes_a_new_key_and_SIGTERM_ends_the_process_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals; the original does not make keys by signal there either");
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        var before = (await deployment.CertificateAsync(Stop)).Fingerprint;

        await deployment.Controller.SignalAsync("USR1", Stop);
        await deployment.EventuallyAsync(async () => Assert.NotEqual(before, (await deployment.CertificateAsync(Stop)).Fingerprint), Stop);

        Assert.Equal(0, await deployment.Controller.StopAsync(Stop));
    }
}
