using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.External;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>From an object of External Secrets that fails to the message that somebody gets.</summary>
public sealed class ExternalNotificationTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly string file = Path.GetTempFileName();
    private ReceivingServer web = null!;
    private ExternalStage stage = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        web = await ReceivingServer.StartAsync();
        stage = await ExternalStage.SetAsync();
        await File.WriteAllTextAsync(file, $"notifications: {{receivers: [{{name: hook, perMinute: 600, webhook: {{url: \"{web.Address}\"}}}}]}}", Ending);
        var controller = stage.Build(time, "--notifications-file", file);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(1), Ending);
    }

    public async ValueTask DisposeAsync()
    {
        await stage.DisposeAsync();
        await web.DisposeAsync();
        File.Delete(file);
    }

    [Fact]
    public async Task A_failure_values_that_grow_old_and_the_recovery_are_told_once_each()
    {
        stage.Provider.Values["k"] = "hunter2";
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");

        stage.Provider.Values.TryRemove("k", out _);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        Assert.Equal(("io.gitopssecrets.failure", "SecretSyncedError"), await NextAsync(TimeSpan.FromSeconds(1)));
        // The longest wait between two tries is far below an interval.
        Assert.Equal(("io.gitopssecrets.failure", "Stale"), await NextAsync(TimeSpan.FromMinutes(20)));
        stage.Provider.Values["k"] = "hunter3";
        Assert.Equal(("io.gitopssecrets.recovery", "SecretSynced"), await NextAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task What_cannot_be_pushed_and_its_end_are_told_once_each()
    {
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: one}\nspec: {provider: {writable: {}}}");
        await stage.StoreReadyAsync("one", "True");
        await stage.CreateSecretAsync("source", ("key", "hunter2"));
        stage.Writable.Broken = "remote";
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: push}\nspec:\n  secretStoreRefs: [{name: one}]\n  selector: {secret: {name: source}}\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}]");
        Assert.Equal(("io.gitopssecrets.failure", "Errored"), await NextAsync(TimeSpan.FromSeconds(1)));
        stage.Writable.Broken = null;
        Assert.Equal(("io.gitopssecrets.recovery", "Synced"), await NextAsync(TimeSpan.FromMinutes(1)));
        stage.Writable.Broken = "remote";
        await stage.PatchSecretAsync("source", """{"stringData":{"key":"hunter3"}}""");
        Assert.Equal(("io.gitopssecrets.failure", "Errored"), await NextAsync(TimeSpan.FromSeconds(1)));
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        Assert.Equal(("io.gitopssecrets.recovery", "Deleted"), await NextAsync(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("v1", "ExternalSecret", "externalSecretSpec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}", "external secret already exists in namespace")]
    [InlineData("v1alpha1", "PushSecret", "pushSecretSpec: {secretStoreRefs: [{name: store}], selector: {secret: {name: source}}}", "push secret already exists in namespace")]
    public async Task What_is_in_the_way_of_a_cluster_wide_object_and_its_end_are_told_once_each(string version, string kind, string spec, string reason)
    {
        await stage.NamespaceAsync("team", ("tenant", "yes"));
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/{{{version}}}
            kind: {{{kind}}}
            metadata: {name: everywhere, namespace: team}
            {{{spec.Replace("externalSecretSpec", "spec", StringComparison.Ordinal).Replace("pushSecretSpec", "spec", StringComparison.Ordinal)}}}
            ---
            apiVersion: external-secrets.io/{{{version}}}
            kind: Cluster{{{kind}}}
            metadata: {name: everywhere}
            spec: {namespaceSelectors: [{matchLabels: {tenant: "yes"}}], {{{spec}}} }
            """);
        var message = await MessageAsync(TimeSpan.FromSeconds(1), $"Cluster{kind}/everywhere");
        Assert.Equal(("io.gitopssecrets.failure", "NamespacesFailed", $"team: {reason}"), message);
        await stage.Kube.DeleteAsync(kind == "PushSecret" ? ExternalKinds.PushSecrets.Resource : ExternalKinds.ExternalSecrets.Resource, new("team", "everywhere"), null, Ending);
        Assert.Equal(("io.gitopssecrets.recovery", "Provisioned", ""), await MessageAsync(TimeSpan.FromSeconds(1), $"Cluster{kind}/everywhere"));
    }

    private async Task<(string? Type, string? Reason)> NextAsync(TimeSpan step)
    {
        var body = await BodyAsync(step);
        return ((string?)body["type"], (string?)body["data"]!["reason"]);
    }

    /// <summary>The next message about this object; others may be told of, too.</summary>
    private async Task<(string? Type, string? Reason, string? Message)> MessageAsync(TimeSpan step, string subject)
    {
        while (true)
        {
            var body = await BodyAsync(step);
            if ((string?)body["subject"] == subject) return ((string?)body["type"], (string?)body["data"]!["reason"], (string?)body["data"]!["message"]);
        }
    }

    /// <summary>Moves the clock until somebody is told.</summary>
    private async Task<JsonObject> BodyAsync(TimeSpan step)
    {
        var next = web.NextAsync();
        while (!next.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), Ending));
        }
        var (_, body) = await next;
        Assert.DoesNotContain("hunter", body.ToJsonString(), StringComparison.Ordinal);
        return body;
    }
}
