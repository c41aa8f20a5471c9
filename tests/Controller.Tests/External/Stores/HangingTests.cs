using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.External.Push;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

/// <summary>What never answers, and everybody else. In virtual time, with two workers.</summary>
public sealed class HangingTests
{
    /// <summary>More than there are workers, or may wait.</summary>
    private const int Many = 40;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Where a request to the API server is under way, which has its time in this clock too.</summary>
    private static readonly TimeSpan SmallStep = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    /// <summary>Not before a test is over, or a controller would wait for the end of its passes by a clock that stands.</summary>
    private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_never_answers_keeps_no_other_from_its_users_and_ends_with_the_store()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        using var over = new Over(answer);
        await stage.StoreAsync("hung");
        stage.Provider.Values["good"] = "v";
        for (var i = 0; i < Many; i++) await HangAsync(stage, "SecretStore", "hung", $"hung{i}");
        await Eventually.TrueAsync(() => stage.Provider.Calls.Count == 2);
        await stage.ExternalAsync("good", ("a", "good"));
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Provider.Calls.Contains("good"));
        await stage.ReadyAsync("good", "True");
        Assert.True(stage.Provider.Calls.Count < Many, "whoever cannot wait makes no call");
        // That they wait is no failure, and after a while they say for whom.
        var told = stage.UntilAsync(ExternalKinds.ExternalSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(source => source.Status?.Conditions?[0] is { Status: "False" }));
        await Eventually.TrueAsTimePassesAsync(time, SmallStep, () => told.IsCompleted, "a word");
        Assert.Equal("could not get secret data from provider: waits for SecretStore \"hung\", which has not answered others yet", (await told).Status!.Conditions![0].Message);
        await stage.Kube.DeleteAsync(ExternalKinds.SecretStores.Resource, ExternalStage.Key("hung"), null, Ending);
        await Eventually.TrueAsync(() => controller.External!.IsIdle);
    }

    [Fact]
    public async Task Keys_of_one_namespace_that_are_never_answered_shut_a_shared_store_for_no_other()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.BeginAsync(time);
        using var over = new Over(answer);
        await stage.NamespaceAsync("other");
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: shared}, spec: {provider: {scripted: {}}}}");
        stage.Provider.Values["good"] = "v";
        await UseAsync(stage, "ClusterSecretStore", "shared", "good");
        await stage.ReadyAsync("good", "True");
        for (var i = 0; i < Many; i++) await HangAsync(stage, "ClusterSecretStore", "shared", $"hung{i}");
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Provider.Calls.Count > 10, "calls that are not answered");
        stage.Provider.Values["theirs"] = "w";
        await UseAsync(stage, "ClusterSecretStore", "shared", "theirs", "other");
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Provider.Calls.Contains("theirs"), "a call for the other namespace");
        await stage.ReadyAsync("theirs", "True", ns: "other");
        // What is known needs no room, in that namespace neither.
        await stage.PatchSecretAsync("good", "{\"data\":{\"a\":\"eA==\"}}");
        var back = stage.SecretAsync("good", "a", "v");
        await Eventually.TrueAsTimePassesAsync(time, SmallStep, () => back.IsCompleted, "the Secret");
        await back;
    }

    [Fact]
    public async Task A_generator_that_never_answers_keeps_no_other_namespace_waiting()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.BeginAsync(time);
        using var over = new Over(answer);
        stage.Provider.Values["good"] = "v";
        stage.Counting.Hold = answer.Task;
        await stage.NamespaceAsync("other");
        await stage.ApplyAsync("{apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, metadata: {name: pw, namespace: other}, spec: {length: 8, noUpper: false, allowRepeat: true}}");
        for (var i = 0; i < Many; i++)
        {
            await stage.ApplyAsync($$"""
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata: {name: hung{{i}}, namespace: other}
                spec: { dataFrom: [ { sourceRef: { generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw} } } ] }
                """);
        }
        await Eventually.TrueAsync(() => stage.Counting.Made == 2);
        await stage.ExternalAsync("good", ("a", "good"));
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Provider.Calls.Contains("good"));
        await stage.ReadyAsync("good", "True");
        Assert.True(stage.Counting.Made < Many, "whoever cannot wait asks for nothing");
    }

    [Fact]
    public async Task Stores_that_never_say_whether_they_are_well_keep_no_other_namespace_waiting()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.BeginAsync(time);
        using var over = new Over(answer);
        for (var i = 0; i < Many; i++)
        {
            stage.Provider.Holds[$"validate hung{i}"] = answer.Task;
            await stage.StoreAsync($"hung{i}");
        }
        // That of the stage's own store is one more.
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Provider.Validated > LongPasses.Share);
        await stage.NamespaceAsync("other");
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: fine, namespace: other}, spec: {provider: {scripted: {}}}}");
        var fine = stage.UntilAsync(ExternalKinds.SecretStores, "other", all => all.FirstOrDefault(store => store.Status?.Conditions?[0] is { Status: "True" }));
        await Eventually.TrueAsTimePassesAsync(time, SmallStep, () => fine.IsCompleted, "the store of another namespace");
        await fine;
        Assert.True(stage.Provider.Validated < Many, "whoever cannot wait asks for nothing");
    }

    [Fact]
    public async Task Pushes_that_are_never_answered_keep_no_other_namespace_waiting()
    {
        var (stage, _) = await PushStage.StartedAsync(time, "one");
        await using var taken = stage;
        using var over = new Over(answer);
        await stage.CreateSecretAsync("source", ("key", "v"));
        stage.Writable.Hold = answer.Task;
        for (var i = 0; i < Many; i++) await PushStage.PushFromAsync(stage, "{secret: {name: source}}", $"data: [{{match: {{secretKey: key, remoteRef: {{remoteKey: k{i}}}}}}}]", name: $"hung{i}");
        await PushStage.UntilAsync(stage, () => stage.Writable.Calls.Count == 2);
        stage.Writable.Hold = Task.CompletedTask;
        await stage.NamespaceAsync("other");
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: fine, namespace: other}, spec: {provider: {writable: {}}}}");
        await stage.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: source, namespace: other}, stringData: {key: v}}");
        await stage.ApplyAsync("""
            {apiVersion: external-secrets.io/v1alpha1, kind: PushSecret, metadata: {name: push, namespace: other},
             spec: {secretStoreRefs: [{name: fine}], selector: {secret: {name: source}}, data: [{match: {secretKey: key, remoteRef: {remoteKey: there}}}]}}
            """);
        await Eventually.TrueAsTimePassesAsync(time, Step, () => stage.Writable.Values.ContainsKey("fine/there"), "the push of another namespace");
    }

    private Task HangAsync(ExternalStage stage, string kind, string store, string key)
    {
        stage.Provider.Holds[key] = answer.Task;
        return UseAsync(stage, kind, store, key);
    }

    private static Task UseAsync(ExternalStage stage, string kind, string store, string key, string ns = ExternalStage.Namespace) => stage.ApplyAsync(
        $"{{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {{name: {key}, namespace: {ns}}}, spec: {{secretStoreRef: {{kind: {kind}, name: {store}}}, data: [{{secretKey: a, remoteRef: {{key: {key}}}}}]}}}}");

    private sealed class Over(TaskCompletionSource answer) : IDisposable
    {
        public void Dispose() => answer.TrySetResult();
    }
}
