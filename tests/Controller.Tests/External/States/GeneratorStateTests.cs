using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.States;

/// <summary>What a generator leaves behind is written down, and taken back when it is replaced or its object is gone.</summary>
public sealed class GeneratorStateTests
{
    [Fact]
    public async Task What_is_replaced_is_taken_back_after_its_time_and_the_rest_with_the_ExternalSecret()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(time);
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await ApplyAsync(stage);
        await stage.SecretAsync("db", secret => Stage.Item(secret, "token") == "token-1");
        var first = await StatesAsync(stage, all => all.Count == 1);
        var source = await stage.ReadyAsync("db", "True");
        Assert.Equal(source.Metadata.Uid, Assert.Single(first[0].Metadata.OwnerReferences!).Uid);
        Assert.Equal(["generatorstate.externalsecrets.io/finalizer"], first[0].Metadata.Finalizers);
        Assert.StartsWith("gen-grafana-tokens-", first[0].Metadata.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", first[0].Spec.State!.Value.GetRawText(), StringComparison.Ordinal);

        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "token") == "token-2");
        await StatesAsync(stage, all => all.Any(state => state.Spec.GarbageCollectionDeadline is not null));
        Assert.Equal([1, 2], stage.Leaving.Alive.Keys.Order());
        // In steps shorter than the time limit of a request: one under way would end at each.
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(10), () => !stage.Leaving.Alive.ContainsKey(1));
        Assert.True(stage.Leaving.Alive.ContainsKey(2));
        await StatesAsync(stage, all => all.Count == 1);
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => stage.Leaving.Alive.IsEmpty);
    }

    [Fact]
    public async Task What_an_immutable_Secret_keeps_is_made_once_and_stays_good()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(time);
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await ApplyAsync(stage, "immutable: true");
        await stage.ReadyAsync("db", "True");
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"reconcile.external-secrets.io/managed":null}}}""");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}},"spec":{"refreshInterval":"25h"}}""");
        await stage.ReadyAsync("db", "True", "it is immutable, as was asked for, and keeps its data");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "token") == "token-1" && secret.Metadata.Labels?.GetValueOrDefault("reconcile.external-secrets.io/managed") == "true");
        var passes = ExternalStage.PassesAsync(process, 2);
        await ExternalStage.PassAsync(time, process, TimeSpan.FromHours(1), () => passes.IsCompleted);
        Assert.Equal([1], stage.Leaving.Alive.Keys);
        Assert.Null(Assert.Single(await StatesAsync(stage, all => all.Count == 1)).Spec.GarbageCollectionDeadline);
    }

    [Fact]
    public async Task How_long_what_is_replaced_stays_good_is_said_by_a_flag()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync("--generator-gc-grace-period=1h");
        await ApplyAsync(stage);
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "token") == "token-2");
        var states = await StatesAsync(stage, all => all.Any(state => state.Spec.GarbageCollectionDeadline is not null));
        var deadline = ExternalStatus.Parse(Assert.Single(states, state => state.Spec.GarbageCollectionDeadline is not null).Spec.GarbageCollectionDeadline);
        Assert.InRange(deadline!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Another_controller_may_be_left_to_take_it_back()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync("--enable-generator-state=false", "--generator-gc-grace-period=0");
        await ApplyAsync(stage);
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "token") == "token-2");
        await StatesAsync(stage, all => all.Any(state => state.Spec.GarbageCollectionDeadline is not null));
        await stage.ReadyAsync("db", "True");
        Assert.Equal([1, 2], stage.Leaving.Alive.Keys.Order());
    }

    [Theory]
    [InlineData(ProviderFailureKind.Unavailable)]
    [InlineData(ProviderFailureKind.Invalid)] // as when the Secret to log in with was deleted together with all else
    [InlineData(ProviderFailureKind.Denied)]
    public async Task What_cannot_be_taken_back_says_why_until_it_can(ProviderFailureKind kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(time);
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await ApplyAsync(stage);
        await stage.ReadyAsync("db", "True");
        stage.Leaving.Trouble = new ProviderException(kind, "Grafana cannot be reached");
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, TestContext.Current.CancellationToken);
        var told = await StatesAsync(stage, all => all.Any(state => state.Status?.Conditions is not null));
        var condition = Assert.Single(told.First(state => state.Status?.Conditions is not null).Status!.Conditions!);
        Assert.Equal(("Ready", "False", "CleanupFailed", "Grafana cannot be reached"), (condition.Type, condition.Status, condition.Reason, condition.Message));
        Assert.NotNull(condition.LastTransitionTime);
        stage.Leaving.Trouble = null;
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(1), () => stage.Leaving.Alive.IsEmpty);
    }

    [Fact]
    public async Task What_nobody_gets_is_taken_back_at_once()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await ApplyAsync(stage, "template: {data: {a: '{{ .absent }}'}}");
        await stage.ReadyAsync("db", "False", "could not update secret");
        await Eventually.TrueAsync(() => !stage.Leaving.Alive.ContainsKey(1));
    }

    [Fact]
    public async Task What_was_generated_before_a_later_entry_failed_is_taken_back()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.StoreAsync();
        await ApplyAsync(stage, "", ", {extract: {key: absent}, sourceRef: {storeRef: {name: store}}}");
        await stage.ReadyAsync("db", "False", "error processing spec.dataFrom[1].extract");
        await Eventually.TrueAsync(() => !stage.Leaving.Alive.ContainsKey(1));
        Assert.DoesNotContain(stage.Cluster.Requests.All(), request => request is { Verb: "create", Resource: "generatorstates" });
    }

    private static async Task ApplyAsync(ExternalStage stage, string target = "", string more = "")
    {
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Grafana\nmetadata: {name: tokens}\nspec: {url: 'http://nowhere', auth: {}, serviceAccount: {name: a, role: Viewer}}");
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              refreshInterval: 24h
              target: { {{{target}}} }
              dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Grafana, name: tokens} } }{{{more}}}]
            """);
    }

    private static async Task<IReadOnlyList<GeneratorState>> StatesAsync(ExternalStage stage, Func<IReadOnlyList<GeneratorState>, bool> wanted)
    {
        IReadOnlyList<GeneratorState> seen = [];
        await stage.UntilAsync(ExternalKinds.GeneratorStates, ExternalStage.Namespace, all =>
        {
            if (!wanted(all)) return null;
            seen = all;
            return all[0];
        });
        return seen;
    }
}
