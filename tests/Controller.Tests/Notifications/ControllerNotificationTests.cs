using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.Controller.Tests.Sops;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>From an object that fails to the message that somebody gets.</summary>
public sealed class ControllerNotificationTests(SharedClusters clusters) : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory, OnEachCluster]
    public async Task A_failure_its_end_and_a_certificate_about_to_expire_are_told(ClusterKind kind)
    {
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await ConfigureAsync(web);
        stage.Start("--notifications-file", file, "--key-expiry-warning", "1000000h");
        Assert.Equal(("io.gitopssecrets.warning", "SealingCertificateExpiring"), await NextAsync(web));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: hunter2}}"));
        Assert.Equal(("io.gitopssecrets.failure", "NoKey"), await NextAsync(web));
        await stage.PutKeysAsync("age-a");
        Assert.Equal(("io.gitopssecrets.recovery", "Decrypted"), await NextAsync(web));
        Assert.Equal(3, web.Requests);
    }

    [Fact]
    public async Task A_SealedSecret_that_no_key_opens_is_told_and_its_end_when_the_key_comes()
    {
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await Stage.SetAsync();
        await ConfigureAsync(web);
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--notifications-file", file);
        await stage.ApplyAsync(TestKeys.Seal("two", Stage.Namespace, "db", ("a", "hunter2")));
        Assert.Equal(("io.gitopssecrets.failure", "ErrUnsealFailed"), await NextAsync(web));
        await stage.PutKeyAsync("two");
        Assert.Equal("io.gitopssecrets.recovery", (await NextAsync(web)).Type);
        Assert.Equal(2, web.Requests);
    }

    private Task ConfigureAsync(ReceivingServer web) =>
        File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", TestContext.Current.CancellationToken);

    private static async Task<(string? Type, string? Reason)> NextAsync(ReceivingServer web)
    {
        var (_, body) = await web.NextAsync();
        Assert.DoesNotContain("hunter2", body.ToJsonString(), StringComparison.Ordinal);
        return ((string?)body["type"], (string?)body["data"]!["reason"]);
    }
}
