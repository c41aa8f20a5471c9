using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Providers;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What a SecretStore and a ClusterSecretStore say of themselves, in the condition and by events, and how often. In virtual time.</summary>
public sealed class StoreStatusTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>The original tells the event at each look, every five minutes.</summary>
    [Theory]
    [InlineData(nameof(StoreValidityKind.Valid), "", "Valid", "store validated", "Normal", "store validated")]
    [InlineData(nameof(StoreValidityKind.Unknown), "", "Valid", "store validated", "Normal", "store validated")]
    [InlineData(nameof(StoreValidityKind.Unknown), "it is asked for a name", "ValidationUnknown", "could not determine validation status: it is asked for a name", "Warning", "it is asked for a name")]
    public async Task A_store_that_may_be_used_says_so_once_and_looking_again_writes_nothing(string kind, string cause, string reason, string message, string type, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        stage.Provider.Validity = new StoreValidity(Enum.Parse<StoreValidityKind>(kind), cause.Length == 0 ? null : cause);
        var controller = await stage.BeginAsync(time);
        await ClusterStoreAsync(stage);
        var own = await stage.StoreReadyAsync("store", "True", message);
        var all = await ClusterStoreAsync(stage, "True", message);
        foreach (var status in (SecretStoreStatus[])[own.Status!, all.Status!])
        {
            Assert.Equal((reason, message), (status.Conditions![0].Reason, status.Conditions[0].Message));
            Assert.Equal(("ReadOnly", 1L), (status.Capabilities, status.ObservedGeneration));
        }
        Assert.Equal((type, told), Text(await EventAsync(stage, ExternalStage.Namespace, "store", reason)));
        Assert.Equal((type, told), Text(await EventAsync(stage, "default", "all", reason)));

        await UsedAsync(stage);
        stage.Cluster.Requests.Clear();
        var before = stage.Provider.Validated;
        await PassAsync(controller, Hour);
        // Five minutes, and each time up to a tenth less; both stores.
        Assert.InRange(stage.Provider.Validated - before, 2 * 11, 2 * 14);
        Assert.Empty(Writes(stage));
        Assert.Equal(1, await stage.EventsAsync("store", reason));
    }

    [Theory]
    [InlineData(nameof(StoreValidityKind.Valid), "", "Valid")]
    [InlineData(nameof(StoreValidityKind.Unknown), "it is asked for a name", "ValidationUnknown")]
    public async Task A_status_whose_write_meets_a_conflict_is_told_once(string kind, string cause, string reason)
    {
        Assert.SkipWhen(OwnClusters.AreReal, "kube-apiserver makes no faults when asked to");
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Validity = new StoreValidity(Enum.Parse<StoreValidityKind>(kind), cause.Length == 0 ? null : cause);
        await stage.StartAsync();
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(409, new FaultMatch("update", PathContains: "/secretstores/store/status"), times: 1);
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        Assert.Equal(1, fault.Hits);
        // Events go out in their order: that of a second store comes after all of the first.
        await stage.StoreAsync("second");
        await stage.EventsAsync("second", reason, atLeast: 1);
        Assert.Equal(1, await stage.EventsAsync("store", reason));
    }

    [Fact]
    public async Task A_store_whose_login_is_not_there_says_so_in_one_condition_and_one_event_and_is_well_when_it_comes()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["ann/k"] = "v";
        var controller = await stage.BeginAsync(time);
        await stage.StoreAsync("closed", "{credential: login}");
        var told = await stage.StoreReadyAsync("closed", "False", "unable to create client: Secret shop/login is not there");
        Assert.Equal("InvalidProviderConfig", told.Status!.Conditions![0].Reason);
        Assert.Equal(("Warning", "Secret shop/login is not there"), Text(await EventAsync(stage, ExternalStage.Namespace, "closed", "InvalidProviderConfig")));

        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: db}, spec: {secretStoreRef: {name: closed}, data: [{secretKey: a, remoteRef: {key: k}}]}}");
        await stage.ReadyAsync("db", "False", "SecretStore \"closed\" is not ready: unable to create client: Secret shop/login is not there");

        stage.Cluster.Requests.Clear();
        await PassAsync(controller, Hour);
        await LookedAsync(stage, controller, () => stage.Provider.Opened);
        // The event is counted up; the condition stays, with its time.
        await stage.EventsAsync("closed", "InvalidProviderConfig", atLeast: 2);
        Assert.DoesNotContain(Writes(stage), write => write.EndsWith("/status", StringComparison.Ordinal));

        // Its login wakes it: no more time passes.
        await stage.CreateSecretAsync("login", ("user", "ann"));
        var well = await stage.StoreReadyAsync("closed", "True", "store validated");
        Assert.Equal("Valid", well.Status!.Conditions![0].Reason);
        Assert.InRange(Turned(well) - Turned(told), Hour, Hour + TimeSpan.FromMinutes(12));
        Assert.Equal(("Normal", "store validated"), Text(await EventAsync(stage, ExternalStage.Namespace, "closed", "Valid")));
        await stage.SecretAsync("db", "a", "v");
    }

    [Fact]
    public async Task A_store_that_is_not_well_any_more_says_so_and_that_it_is_again()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var controller = await stage.BeginAsync(time);
        var first = await stage.StoreReadyAsync("store", "True", "store validated");
        await EventAsync(stage, ExternalStage.Namespace, "store", "Valid");

        stage.Provider.Validity = StoreValidity.Invalid("the vault is sealed");
        await LookedAsync(stage, controller, () => stage.Provider.Validated);
        var ill = await stage.StoreReadyAsync("store", "False", "unable to validate store: the vault is sealed");
        Assert.Equal("InvalidProviderConfig", ill.Status!.Conditions![0].Reason);
        Assert.Equal("ReadOnly", ill.Status.Capabilities);
        Assert.True(Turned(ill) > Turned(first));
        Assert.Equal(("Warning", "the vault is sealed"), Text(await EventAsync(stage, ExternalStage.Namespace, "store", "InvalidProviderConfig")));
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "False", "SecretStore \"store\" is not ready: unable to validate store: the vault is sealed");

        // What is the matter is another thing now, and told; it has been ill as long as before.
        stage.Provider.Validity = StoreValidity.Invalid("the token has expired");
        await LookedAsync(stage, controller, () => stage.Provider.Validated);
        var still = await stage.StoreReadyAsync("store", "False", "unable to validate store: the token has expired");
        Assert.Equal(Turned(ill), Turned(still));

        stage.Provider.Validity = StoreValidity.Valid;
        await LookedAsync(stage, controller, () => stage.Provider.Validated);
        var well = await stage.StoreReadyAsync("store", "True", "store validated");
        Assert.True(Turned(well) > Turned(ill));
        await stage.EventsAsync("store", "Valid", atLeast: 2);
        await stage.SecretAsync("db", "a", "v");
    }

    [Fact]
    public async Task Conditions_of_a_SecretStore_have_no_effect_and_its_message_says_so()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.BeginAsync(time);
        await stage.PatchStoreAsync("store", """{"spec":{"conditions":[{"namespaces":["other"]}]}}""");
        await stage.StoreReadyAsync("store", "True", "store validated; without effect: spec.conditions");
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "v");
    }

    [Theory]
    [InlineData("{provider: {fake: {data: []}}, retrySettings: {maxRetries: 2}}", "; without effect: spec.retrySettings")]
    [InlineData("{provider: {scripted: {}}, retrySettings: {maxRetries: 2}}", "")]
    [InlineData("{provider: {scripted: {idle: true}}, conditions: [{namespaces: [other]}]}", "; without effect: spec.conditions, spec.provider.scripted.idle")]
    [InlineData("{provider: {scripted: {idle: true}}, conditions: [{namespaces: [other]}]}", "; without effect: spec.provider.scripted.idle", "ClusterSecretStore")]
    public async Task What_has_no_effect_in_a_store_is_named_in_its_message(string spec, string told, string kind = "SecretStore")
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = spec.Contains("fake", StringComparison.Ordinal);
        await stage.StartAsync();
        await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1, kind: {kind}, metadata: {{name: odd}}, spec: {spec}}}");
        var conditions = kind == "SecretStore"
            ? (await stage.StoreReadyAsync("odd", "True")).Status!.Conditions
            : (await stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all => all.FirstOrDefault(store => store.Metadata.Name == "odd" && store.Status?.Conditions is [{ Status: "True" }, ..]))).Status!.Conditions;
        Assert.Equal("store validated" + told, conditions![0].Message);
    }

    [Fact]
    public async Task A_store_is_looked_at_once_a_second_at_most()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        await stage.PatchStoreAsync("store", """{"spec":{"refreshInterval":"1ms"}}""");
        await stage.UntilAsync(ExternalKinds.SecretStores, ExternalStage.Namespace, all => all.FirstOrDefault(store => store.Status?.ObservedGeneration == 2));
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromMilliseconds(1), () => true);
        var (looks, begin) = (stage.Provider.Validated, time.GetUtcNow());
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromMilliseconds(100), () => time.GetUtcNow() - begin >= TimeSpan.FromSeconds(3));
        Assert.InRange(stage.Provider.Validated - looks, 2, 4);
    }

    [Fact]
    public async Task A_store_of_a_kind_that_nobody_maintains_says_so_once_unless_it_is_told_not_to()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.IsMaintained = false;
        stage.Provider.Values["k"] = "v";
        var controller = await stage.BeginAsync(time);
        await ClusterStoreAsync(stage);
        // As in the original, it is the annotation that counts, whatever it says.
        foreach (var (name, value) in ((string, string)[])[("known", "true"), ("also-known", "")])
        {
            await stage.ApplyAsync($$$"""
                apiVersion: external-secrets.io/v1
                kind: SecretStore
                metadata: {name: {{{name}}}, annotations: {external-secrets.io/ignore-maintenance-checks: "{{{value}}}"} }
                spec: {provider: {scripted: {} } }
                """);
            await EventAsync(stage, ExternalStage.Namespace, name, "Valid");
        }
        Assert.Equal(("Warning", "store isn't currently maintained. Please plan and prepare accordingly."), Text(await EventAsync(stage, ExternalStage.Namespace, "store", "StoreUnmaintained")));
        await UsedAsync(stage);
        await PassAsync(controller, Hour);
        // What was told before is there by the time that this is.
        await stage.StoreAsync("later");
        await EventAsync(stage, ExternalStage.Namespace, "later", "StoreUnmaintained");
        var events = await stage.Kube.ListAsync(Stage.Events, new ListQuery { Namespace = ExternalStage.Namespace }, Ending);
        Assert.Equal(["later 1", "store 1"], events.Where(found => (string?)found["reason"] == "StoreUnmaintained").Select(found => $"{found["involvedObject"]!["name"]} {Count(found)}").Order(StringComparer.Ordinal));
    }

    private static Task ClusterStoreAsync(ExternalStage stage) => stage.ApplyAsync("""
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: all}
        spec: {provider: {scripted: {}}}
        """);

    /// <summary>Both stores are, which shows that the controller has seen what it wrote of them.</summary>
    private static async Task UsedAsync(ExternalStage stage)
    {
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}, {secretKey: b, remoteRef: {key: k}, sourceRef: {storeRef: {name: all, kind: ClusterSecretStore}}}]}
            """);
        await stage.SecretAsync("db", "b", "v");
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
    }

    private Task PassAsync(ControllerProcess controller, TimeSpan span)
    {
        var begin = time.GetUtcNow();
        return ExternalStage.PassAsync(time, controller, Step, () => time.GetUtcNow() - begin >= span);
    }

    /// <summary>Until the next look at a store, and no longer: what it tells is written while the clock stands still.</summary>
    private async Task LookedAsync(ExternalStage stage, ControllerProcess controller, Func<int> looks)
    {
        var (before, latest) = (looks(), time.GetUtcNow() + TimeSpan.FromMinutes(6));
        await ExternalStage.PassAsync(time, controller, Step, () => looks() > before || time.GetUtcNow() > latest);
        Assert.True(looks() > before);
    }

    private static IEnumerable<string> Writes(ExternalStage stage) => stage.Cluster.Requests.All()
        .Where(request => request.IsWrite && (request.Resource == "events" || request.Resource.Contains("secretstores", StringComparison.Ordinal)))
        .Select(request => $"{request.Verb} {request.Resource}");

    private static Task<ClusterSecretStore> ClusterStoreAsync(ExternalStage stage, string status, string message) => stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all => all.FirstOrDefault(store =>
        store.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == status && ready.Message == message));

    private static Task<JsonObject> EventAsync(ExternalStage stage, string ns, string name, string reason) => stage.UntilAsync(Stage.Events, ns, all => all.FirstOrDefault(found =>
        (string?)found["involvedObject"]!["name"] == name && (string?)found["reason"] == reason));

    private static (string? Type, string? Message) Text(JsonObject found) => ((string?)found["type"], (string?)found["message"]);

    private static int Count(JsonObject found) => (int?)found["count"] ?? 1;

    private static DateTimeOffset Turned(SecretStore store) => ExternalStatus.Parse(store.Status!.Conditions![0].LastTransitionTime)!.Value;
}
