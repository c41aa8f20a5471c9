using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>When a store is asked again for what failed: the real queue, in virtual time.</summary>
public sealed class RetryTests
{
    // The clock is turned in tenths of what is waited for: a gap may look so much longer than it is.
    private const double Coarse = 0.1;

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    // what fails, interval, seconds between the calls; a fifth is taken off by chance, of the interval a tenth
    [Theory]
    [InlineData("missing", "1s", 1, 1, 1, 1)]
    [InlineData("missing", "15s", 1, 2, 4, 8, 15, 15, 15)]
    [InlineData("denied", "15s", 1, 2, 4, 8, 15, 15, 15)]
    [InlineData("missing", "1h", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600)]
    [InlineData("missing", "\"0\"", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600)]
    [InlineData("push", "15s", 1, 2, 4, 8, 15, 15, 15)]
    [InlineData("push", "\"0\"", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600)]
    public async Task What_fails_is_tried_again_after_a_second_then_ever_later_up_to_the_interval(string failing, string interval, params int[] gaps)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Denied = failing == "denied" ? "k" : null;
        stage.Writable.Broken = "store/";
        var controller = stage.Build(time);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await stage.ApplyAsync($"apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {{name: store}}\nspec: {{provider: {{{(failing == "push" ? "writable" : "scripted")}: {{}}}}}}");
        await stage.StoreReadyAsync("store", "True");
        if (failing == "push") await PushAsync(stage, interval);
        else await stage.ExternalAsync("db", "{}", interval, ("a", "k"));
        int Calls() => stage.Provider.Calls.Count + stage.Writable.Calls.Count;
        await Eventually.TrueAsync(() => Calls() == 1);
        await Eventually.TrueAsync(() => controller.External.IsIdle, "rest");
        foreach (var seconds in gaps)
        {
            var (before, since, gap) = (Calls(), time.GetUtcNow(), TimeSpan.FromSeconds(seconds));
            while (Calls() == before)
            {
                await Eventually.TurnedAsync(time, gap * Coarse);
                await Eventually.TrueAsync(() => controller.External.IsIdle, "rest");
            }
            Assert.Equal(before + 1, Calls());
            Assert.InRange(time.GetUtcNow() - since, gap * (seconds == gaps[^1] ? 0.9 : 0.8), gap * (1 + Coarse));
        }
    }

    private static async Task PushAsync(ExternalStage stage, string interval)
    {
        await stage.CreateSecretAsync("source", ("key", "v"));
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              refreshInterval: {{{interval}}}
              secretStoreRefs: [{name: store}]
              selector: {secret: {name: source}}
              data: [{match: {secretKey: key, remoteRef: {remoteKey: remote} } }]
            """);
    }
}
