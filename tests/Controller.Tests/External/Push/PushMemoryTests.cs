using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>What was pushed is remembered, though the status that would say so cannot be written, or is written by a pass that fails.</summary>
public sealed class PushMemoryTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_pushed_with_updatePolicy_IfNotExists_before_its_status_could_be_written_is_ours()
    {
        await using var stage = await StartedAsync();
        stage.Writable.Values["one/theirs"] = "was here";
        await stage.CreateSecretAsync("source", ("key", "one"));
        using (var fault = Silence(stage))
        {
            await PushAsync(stage, "updatePolicy: IfNotExists\n  deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}, {match: {secretKey: key, remoteRef: {remoteKey: theirs}}}]");
            await PushedAsync(stage, fault);
        }
        var pushed = await ReadyAsync(stage, "True");
        Assert.Equal(["remote"], pushed.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        Assert.Single(stage.Writable.Calls, call => call == "push one/remote");
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Equal(["one/theirs"], stage.Writable.Values.Keys);
    }

    [Theory]
    [InlineData("its entry is left out")]
    [InlineData("its store is left out")]
    [InlineData("the Secret is deleted")]
    [InlineData("the PushSecret is deleted")]
    public async Task What_was_pushed_before_its_status_could_be_written_is_taken_back(string when)
    {
        await using var stage = await StartedAsync();
        await StoreAsync(stage, "two");
        await stage.CreateSecretAsync("source", ("key", "one"));
        using (var fault = Silence(stage))
        {
            await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
            await PushedAsync(stage, fault);
            if (when == "its entry is left out") await PatchAsync(stage, """{"spec":{"data":[{"match":{"secretKey":"key","remoteRef":{"remoteKey":"moved"}}}]}}""");
            else if (when == "its store is left out") await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"name":"two"}]}}""");
            else if (when == "the Secret is deleted") await stage.DeleteSecretAsync("source");
            else await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
            // That, too, is done before a status says so.
            await UntilAsync(stage, () => !stage.Writable.Values.ContainsKey("one/remote"));
        }
        if (when.StartsWith("its", StringComparison.Ordinal))
        {
            var lies = (await ReadyAsync(stage, "True")).Status!.SyncedPushSecrets!.Single();
            Assert.Equal(stage.Writable.Values.Keys, [$"{lies.Key.Split('/')[1]}/{lies.Value.Keys.Single()}"]);
        }
        else
        {
            await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.All(push => push.Status?.Conditions?[0].Reason == "SourceDeleted" && push.Status.SyncedPushSecrets is null) ? all : null);
            Assert.Empty(stage.Writable.Values);
        }
    }

    /// <summary>Of two Secrets the second cannot be pushed; the first is by then.</summary>
    [Fact]
    public async Task What_was_pushed_before_the_pass_failed_is_in_the_status()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s1, labels: {push: \"yes\"}}\nstringData: {key: \"1\"}");
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s2, labels: {push: \"yes\"}}\nstringData: {other: \"2\"}");
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              deletionPolicy: Delete
              secretStoreRefs: [{name: one}]
              selector: {secret: {selector: {matchLabels: {push: "yes"} } } }
              data: {{Data}}
            """);
        var told = await ReadyAsync(stage, "False", "set secret failed: secret key key does not exist");
        Assert.Equal(["remote"], told.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Empty(stage.Writable.Values);
    }

    [Fact]
    public void Nobody_remembers_more_than_a_status_has_room_for_nor_what_another_of_the_name_pushed()
    {
        var ledger = new PushLedger();
        var (old, anew) = (Named("first"), Named("second"));
        var key = ExternalKinds.PushSecrets.Key(old);
        var data = new PushSecretData { Match = new() { RemoteRef = new() { RemoteKey = "r" } } };
        for (var i = 0; i <= PushLedger.MostPlaces; i++) ledger.Pushed(key, old, "SecretStore/one", $"r{i}", data);
        Assert.Equal(PushLedger.MostPlaces, ledger.Lying(key, old)["SecretStore/one"].Count);
        Assert.Null(ledger.Unwritten(key, anew));
        ledger.Pushed(key, anew, "SecretStore/one", "r", data);
        Assert.Equal(["r"], ledger.Lying(key, anew)["SecretStore/one"].Keys);
        ledger.Forget(key);
        Assert.Null(ledger.Unwritten(key, anew));
    }

    private static PushSecret Named(string uid) => new() { Metadata = new() { Namespace = "shop", Name = "push", Uid = uid }, Spec = new() { SecretStoreRefs = [], Selector = new() } };

    /// <summary>No status of a PushSecret can be written while this lasts.</summary>
    private static Fault Silence(ExternalStage stage)
    {
        Assert.SkipWhen(OwnClusters.AreReal, "kube-apiserver makes no faults when asked to");
        return ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(500, new FaultMatch("update", "pushsecrets/status"));
    }

    /// <summary>Waits until it is pushed, and a status after that was refused.</summary>
    private static async Task PushedAsync(ExternalStage stage, Fault fault)
    {
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("one/remote"));
        var hits = fault.Hits;
        await UntilAsync(stage, () => fault.Hits > hits);
    }
}
