using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Clusterwide;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.External.Push;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A mistake of ours or of a library, in the middle of a pass: told by its type and the step, never in its own words, which may hold a value.</summary>
public sealed class InternalErrorTests
{
    private const string Value = "hunter2";
    private const string Told = "internal error (InvalidOperationException)";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("open", Told)]
    [InlineData("request k", Told)]
    [InlineData("request k2", Told)]
    [InlineData("fetch k", "the provider failed (InvalidOperationException)")]
    [InlineData("value", Told)]
    public async Task A_mistake_on_the_way_to_the_values_is_told_and_tried_again(string step, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        (stage.Provider.Values["k"], stage.Provider.Values["k2"]) = (Value, Value);
        var controller = await stage.StartAsync("--enable-flood-gate=false");
        stage.Provider.Mistakes[step] = new InvalidOperationException(Value);
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"), ("b", "k2"));
        var source = await stage.ReadyAsync("db", "False", told);
        var ready = source.Status!.Conditions![0];
        Assert.Equal("SecretSyncedError", ready.Reason);
        Assert.StartsWith("could not get secret data from provider: ", ready.Message, StringComparison.Ordinal);
        Assert.Contains(source.Status.Conditions, condition => condition is { Type: "Reconciling", Status: "True" });
        var events = await stage.EventAsync("db", "UpdateFailed", told);
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, controller, metrics => Assert.Matches("externalsecret_sync_calls_error{[^}]*name=\"db\"[^}]*} [1-9]", metrics));
        Assert.DoesNotContain(Value, ready.Message + events.ToJsonString() + stage.Log, StringComparison.Ordinal);
        stage.Provider.Mistakes.Clear();
        await stage.SecretAsync("db", "a", Value);
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task A_mistake_on_the_way_from_the_values_to_the_Secret_is_told_as_one_there()
    {
        await using var stage = await ExternalStage.SetAsync();
        (stage.Leaving.LeavesNonsense, stage.Leaving.Errs) = (true, true);
        await stage.StartAsync();
        await GrafanaAsync(stage);
        await stage.ReadyAsync("db", "False", "could not update secret: " + Told);
        (stage.Leaving.LeavesNonsense, stage.Leaving.Errs) = (false, false);
        await stage.ReadyAsync("db", "True");
    }

    [Theory]
    [InlineData("open")]
    [InlineData("validate")]
    public async Task A_store_over_which_a_mistake_is_made_is_not_ready_and_says_so(string step)
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        stage.Provider.Mistakes[step] = new InvalidOperationException(Value);
        await stage.StoreAsync();
        var store = await stage.StoreReadyAsync("store", "False", "unable to validate store: " + Told);
        Assert.Equal("InvalidProviderConfig", store.Status!.Conditions![0].Reason);
        var events = await stage.EventAsync("store", "InvalidProviderConfig", Told);
        Assert.DoesNotContain(Value, store.Status.Conditions[0].Message + events.ToJsonString() + stage.Log, StringComparison.Ordinal);
        stage.Provider.Mistakes.Clear();
        await stage.StoreReadyAsync("store", "True");
    }

    /// <summary>What was taken to be asked for, and then was not, would be waited for by whoever wants it next.</summary>
    [Fact]
    public async Task A_mistake_over_one_key_leaves_nobody_waiting_for_another()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        stage.Provider.Mistakes["request bad"] = new InvalidOperationException(Value);
        await stage.ExternalAsync("db", ("a", "k"), ("b", "bad"));
        await stage.ReadyAsync("db", "False", Told);
        await stage.ExternalAsync("neighbour", ("a", "k"));
        await stage.SecretAsync("neighbour", "a", "v");
    }

    [Fact]
    public async Task A_mistake_over_what_others_will_want_spoils_no_call_for_several()
    {
        await using var stage = await ExternalStage.SetAsync(provider: new ScriptedProvider { Batches = true });
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        stage.Provider.Mistakes["request bad"] = new InvalidOperationException(Value);
        await stage.ExternalAsync("bad", ("a", "bad"));
        await stage.ReadyAsync("bad", "False", Told);
        await stage.ExternalAsync("neighbour", ("a", "k"));
        await stage.SecretAsync("neighbour", "a", "v");
    }

    [Fact]
    public async Task A_mistake_over_one_place_of_a_PushSecret_is_told_and_the_others_are_remembered()
    {
        await using var stage = await PushStage.StartedAsync();
        stage.Writable.Mistaken = "broken";
        await stage.CreateSecretAsync("source", ("key", Value));
        await PushStage.PushAsync(stage, "deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}, {match: {secretKey: key, remoteRef: {remoteKey: broken}}}]");
        var push = await PushStage.ReadyAsync(stage, "False", "set secret failed: could not write remote ref ");
        var ready = push.Status!.Conditions![0];
        Assert.Contains(Told, ready.Message, StringComparison.Ordinal);
        Assert.Equal(["remote"], push.Status.SyncedPushSecrets!["SecretStore/one"].Keys);
        var events = await stage.EventAsync("push", "Errored", Told);
        Assert.DoesNotContain(Value, ready.Message + events.ToJsonString() + stage.Log, StringComparison.Ordinal);

        stage.Writable.Mistaken = "remote";
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, Ending);
        await PushStage.ReadyAsync(stage, "False", "Failed to Delete Secrets from Provider: remote of SecretStore/one: " + Told);
        stage.Writable.Mistaken = null;
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.DoesNotContain("one/remote", stage.Writable.Values.Keys);
    }

    [Fact]
    public async Task A_mistake_before_anything_is_pushed_is_told_too()
    {
        await using var stage = await PushStage.StartedAsync();
        stage.Provider.Mistakes["open"] = new InvalidOperationException(Value);
        await stage.StoreAsync();
        await stage.CreateSecretAsync("source", ("key", Value));
        await PushStage.PushAsync(stage, $"data: {PushStage.Data}", "[{name: store}]");
        await PushStage.ReadyAsync(stage, "False", "set secret failed: ");
        await stage.EventAsync("push", "Errored", Told);
        Assert.DoesNotContain(Value, stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_over_what_a_generator_left_is_told_until_it_is_mended()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await GrafanaAsync(stage);
        await stage.ReadyAsync("db", "True");
        stage.Leaving.Errs = true;
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, Ending);
        var state = await stage.UntilAsync(ExternalKinds.GeneratorStates, ExternalStage.Namespace, all => all.FirstOrDefault(state => state.Status?.Conditions is not null));
        var condition = Assert.Single(state.Status!.Conditions!);
        Assert.Equal(("False", "CleanupFailed"), (condition.Status, condition.Reason));
        Assert.StartsWith(Told, condition.Message, StringComparison.Ordinal);
        stage.Leaving.Errs = false;
        await stage.UntilAsync(ExternalKinds.GeneratorStates, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
    }

    [Fact]
    public async Task A_pass_over_a_cluster_wide_object_that_breaks_off_says_so()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterExternalSecret
            metadata: {name: everywhere}
            spec: {namespaces: [shop], externalSecretSpec: {data: []}}
            ---
            apiVersion: external-secrets.io/v1alpha1
            kind: ClusterPushSecret
            metadata: {name: everywhere}
            spec: {namespaceSelectors: [{}], pushSecretSpec: {secretStoreRefs: [], selector: {secret: {name: a}}}}
            """);
        var time = TimeProvider.System;
        var events = new EventRecorder(stage.Kube, new EventRecorderOptions { Capacity = 10 }, time, NullLogger.Instance);
        using var notifier = new Notifier(new NotificationOptions(), new Metrics("test"), time, NullLogger.Instance);
        // Without the caches that they share, the first look at the namespaces is a mistake.
        var (caches, pushCaches) = (new ClusterExternalCaches(stage.Kube, null!, time, NullLogger.Instance), new ClusterPushCaches(stage.Kube, null!, null!, time, NullLogger.Instance));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var running = Task.WhenAll(events.RunAsync(stop.Token), caches.Sources.RunAsync(stop.Token), pushCaches.Sources.RunAsync(stop.Token));
        await Task.WhenAll(caches.Sources.WaitForSyncAsync(Ending), pushCaches.Sources.WaitForSyncAsync(Ending));
        var key = new NamespacedName("", "everywhere");
        await Assert.ThrowsAsync<NullReferenceException>(() => new ClusterExternalReconciler(caches, stage.Kube, events, notifier, time).ReconcileAsync(key, Ending));
        await Assert.ThrowsAsync<NullReferenceException>(() => new ClusterPushReconciler(pushCaches, stage.Kube, events, notifier, time).ReconcileAsync(key, Ending));
        var told = (await stage.Kube.GetAsync(ExternalKinds.ClusterExternalSecrets, key, Ending)).Status!.Conditions![0];
        Assert.Equal(("Ready", "False", "InternalError"), (told.Type, told.Status, told.Reason));
        Assert.StartsWith("internal error (NullReferenceException)", told.Message, StringComparison.Ordinal);
        Assert.Equal("InternalError", (await stage.Kube.GetAsync(ExternalKinds.ClusterPushSecrets, key, Ending)).Status!.Conditions![0].Reason);
        foreach (var kind in (string[])["ClusterExternalSecret", "ClusterPushSecret"])
        {
            await stage.UntilAsync(EndToEnd.Stage.Events, "default", all => all.FirstOrDefault(found => (string?)found["involvedObject"]?["kind"] == kind && (string?)found["reason"] == "InternalError"));
        }
        await stop.CancelAsync();
        await running;
    }

    private static async Task GrafanaAsync(ExternalStage stage)
    {
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Grafana\nmetadata: {name: tokens}\nspec: {url: 'http://nowhere', auth: {}, serviceAccount: {name: a, role: Viewer}}");
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              refreshInterval: 24h
              dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Grafana, name: tokens}}}]
            """);
    }
}
