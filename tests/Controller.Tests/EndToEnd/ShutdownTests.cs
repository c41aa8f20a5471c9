using System.Net.Sockets;
using System.Text;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Sealing;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>The end of the process: what is in hand may finish, and the grace period is the longest that all of it may take together.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>By a clock that nobody but the test turns: a second wait of that length would never end.</summary>
    [Fact]
    public async Task Work_and_requests_that_do_not_end_are_cut_off_after_one_grace_period()
    {
        await using var stage = await Stage.SetAsync();
        var time = await TimeAsync(stage);
        await using var controller = await RunningController.StartAsync(stage, time, $"--grace-period={Grace.TotalSeconds}s");
        using var stuck = stage.Faults.Delay(TimeSpan.FromHours(1), new FaultMatch("create", "secrets", "/shop/"));
        await stage.ApplyAsync("db", ("a", "1"));
        await UntilAsync(() => stuck.Hits > 0);
        using var client = await OpenRequestAsync(controller.Process);

        var stopping = await controller.AskToStopAsync();
        time.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await stopping;
    }

    [Fact]
    public async Task Work_in_hand_is_finished_first()
    {
        await using var stage = await Stage.SetAsync();
        await using var controller = await RunningController.StartAsync(stage, await TimeAsync(stage));
        var slow = stage.Faults.Delay(TimeSpan.FromSeconds(2), new FaultMatch("create", "secrets", "/shop/"));
        await stage.ApplyAsync("db", ("a", "1"));
        await UntilAsync(() => slow.Hits > 0);
        await await controller.AskToStopAsync();
        await stage.SecretAsync("db", "a", "1");
        Assert.EndsWith("msg=stopped", controller.Output[^1], StringComparison.Ordinal);
    }

    /// <summary>A clock that only the test turns, at a time at which the stage's key is good.</summary>
    private static async Task<FakeTimeProvider> TimeAsync(Stage stage)
    {
        await stage.PutKeyAsync("one");
        Assert.True(SealingCertificate.TryLoad(TestKeys.Pair("one").Certificate, out var certificate, out _));
        return new FakeTimeProvider(certificate.NotAfter.AddDays(-100));
    }

    /// <summary>A request whose body never comes; the answer 100 says that the controller waits for it.</summary>
    private static async Task<TcpClient> OpenRequestAsync(ControllerProcess controller)
    {
        var client = new TcpClient();
        await client.ConnectAsync(controller.ApiAddress!.Host, controller.ApiAddress.Port, Ending);
        await client.GetStream().WriteAsync("POST /v1/verify HTTP/1.1\r\nHost: controller\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(), Ending);
        var answer = new byte[64];
        var length = await client.GetStream().ReadAtLeastAsync(answer, 12, cancellationToken: Ending);
        Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        return client;
    }

    private static async Task UntilAsync(Func<bool> claim)
    {
        while (!claim()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ending);
    }
}
