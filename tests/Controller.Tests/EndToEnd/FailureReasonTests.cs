using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Controller.Tests.Sealed;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>
/// <c>unseal_errors_total</c> by its label <c>reason</c>, as the original has them. Its <c>fetch</c> counts failures of reading the object from the cache,
/// which ours does not have: the cache is memory.
/// </summary>
public sealed class FailureReasonTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_does_not_open_is_counted_as_unseal()
    {
        await using var stage = await StageAsync();
        var controller = await stage.StartAsync();
        await stage.ApplyAsync(TestKeys.Seal("three", "shop", "db", ("a", "1")));
        await CountedAsync(controller, "unseal");
    }

    [Fact]
    public async Task A_Secret_of_somebody_else_is_counted_as_unmanaged()
    {
        await using var stage = await StageAsync();
        await stage.CreateSecretAsync("db", null, ("a", "theirs"));
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await CountedAsync(controller, "unmanaged");
        Assert.Equal("theirs", Stage.Item(await stage.SecretAsync("db"), "a"));
    }

    [Fact]
    public async Task A_write_that_the_API_server_refuses_is_counted_as_update()
    {
        await using var stage = await StageAsync();
        var controller = await stage.StartAsync();
        using var fault = stage.Faults.Answer(403, new FaultMatch("create", "secrets", "/shop/"));
        await stage.ApplyAsync("db", ("a", "1"));
        await CountedAsync(controller, "update");
    }

    [Fact]
    public async Task A_status_that_cannot_be_written_is_counted_as_status_and_the_Secret_is_there()
    {
        await using var stage = await StageAsync();
        var controller = await stage.StartAsync();
        using var fault = stage.Faults.Answer(500, new FaultMatch("update", "sealedsecrets/status"), times: 1);
        await stage.ApplyAsync("db", ("a", "1"));
        await CountedAsync(controller, "status");
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    private static async Task<Stage> StageAsync()
    {
        var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        return stage;
    }

    /// <summary>Waits for the reason, and sees that there is no other.</summary>
    private static async Task CountedAsync(ControllerProcess controller, string reason)
    {
        using var http = new HttpClient();
        var wanted = $"sealed_secrets_controller_unseal_errors_total{{reason=\"{reason}\",namespace=\"shop\"}} ";
        while (true)
        {
            var text = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), Ending);
            var counted = text.Split('\n').Where(line => line.StartsWith("sealed_secrets_controller_unseal_errors_total{", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)).ToList();
            Assert.All(counted, line => Assert.StartsWith(wanted, line, StringComparison.Ordinal));
            if (counted.Count > 0) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ending);
        }
    }
}
