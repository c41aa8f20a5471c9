using GitOpsSecrets.Controller.Tests.Sops;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>From an object that fails to the message that somebody gets.</summary>
public sealed class ControllerNotificationTests(SharedClusters clusters)
{
    [Theory, OnEachCluster]
    public async Task A_failure_its_end_and_a_certificate_about_to_expire_are_told(ClusterKind kind)
    {
        await using var web = await ReceivingServer.StartAsync();
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        var file = Path.Combine(Path.GetTempPath(), stage.Namespace + ".yaml");
        await File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", TestContext.Current.CancellationToken);
        try
        {
            stage.Start("--notifications-file", file, "--key-expiry-warning", "1000000h");
            Assert.Equal(("io.gitopssecrets.warning", "SealingCertificateExpiring"), await NextAsync(web));
            await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: hunter2}}"));
            Assert.Equal(("io.gitopssecrets.failure", "NoKey"), await NextAsync(web));
            await stage.PutKeysAsync("age-a");
            Assert.Equal(("io.gitopssecrets.recovery", "Decrypted"), await NextAsync(web));
            Assert.Equal(3, web.Requests);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(string? Type, string? Reason)> NextAsync(ReceivingServer web)
    {
        var (_, body) = await web.NextAsync();
        Assert.DoesNotContain("hunter2", body.ToJsonString(), StringComparison.Ordinal);
        return ((string?)body["type"], (string?)body["data"]!["reason"]);
    }
}
