using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.External;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>From an ExternalSecret or PushSecret that fails to the message that somebody gets.</summary>
public sealed class ExternalNotificationTests
{
    [Fact]
    public async Task A_failure_values_that_grow_old_and_the_recovery_are_told_once_each()
    {
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "hunter2";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", TestContext.Current.CancellationToken);
        try
        {
            var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
            var controller = stage.Build(time, "--notifications-file", file);
            await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await stage.StoreAsync();
            await stage.StoreReadyAsync("store", "True");
            await stage.ExternalAsync("db", ("a", "k"));
            await stage.ReadyAsync("db", "True");

            stage.Provider.Values.TryRemove("k", out _);
            await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
            Assert.Equal(("io.gitopssecrets.failure", "SecretSyncedError"), await NextAsync(web, time, TimeSpan.FromSeconds(1)));
            // The longest wait between two tries is far below an interval.
            Assert.Equal(("io.gitopssecrets.failure", "Stale"), await NextAsync(web, time, TimeSpan.FromMinutes(20)));
            stage.Provider.Values["k"] = "hunter3";
            Assert.Equal(("io.gitopssecrets.recovery", "SecretSynced"), await NextAsync(web, time, TimeSpan.FromMinutes(1)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_cannot_be_pushed_and_its_end_are_told_once_each()
    {
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await ExternalStage.SetAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", TestContext.Current.CancellationToken);
        try
        {
            var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
            var controller = stage.Build(time, "--notifications-file", file);
            await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: one}\nspec: {provider: {writable: {}}}");
            await stage.StoreReadyAsync("one", "True");
            await stage.CreateSecretAsync("source", ("key", "hunter2"));
            stage.Writable.Broken = "remote";
            await stage.ApplyAsync("apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: push}\nspec:\n  secretStoreRefs: [{name: one}]\n  selector: {secret: {name: source}}\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}]");
            Assert.Equal(("io.gitopssecrets.failure", "Errored"), await NextAsync(web, time, TimeSpan.FromSeconds(1)));
            stage.Writable.Broken = null;
            Assert.Equal(("io.gitopssecrets.recovery", "Synced"), await NextAsync(web, time, TimeSpan.FromMinutes(1)));
            stage.Writable.Broken = "remote";
            await stage.PatchSecretAsync("source", """{"stringData":{"key":"hunter3"}}""");
            Assert.Equal(("io.gitopssecrets.failure", "Errored"), await NextAsync(web, time, TimeSpan.FromSeconds(1)));
            await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
            Assert.Equal(("io.gitopssecrets.recovery", "Deleted"), await NextAsync(web, time, TimeSpan.FromSeconds(1)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Moves the clock until somebody is told.</summary>
    private static async Task<(string? Type, string? Reason)> NextAsync(ReceivingServer web, FakeTimeProvider time, TimeSpan step)
    {
        var next = web.NextAsync();
        while (!next.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        }
        var (_, body) = await next;
        Assert.DoesNotContain("hunter", body.ToJsonString(), StringComparison.Ordinal);
        return ((string?)body["type"], (string?)body["data"]!["reason"]);
    }
}
