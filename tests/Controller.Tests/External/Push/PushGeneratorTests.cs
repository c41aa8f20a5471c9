using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>What generators make for PushSecrets: when, what every store gets of it, and how long it stays good.</summary>
public sealed class PushGeneratorTests
{
    private const string Token = "data: [{match: {secretKey: token, remoteRef: {remoteKey: pw}}}]";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task With_updatePolicy_IfNotExists_nothing_is_made_for_what_is_there_and_that_stays_good()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (stage, controller) = await StartedAsync(time, "one");
        await using var taken = stage;
        await GenerateAsync(stage, $"refreshInterval: 1h\n  updatePolicy: IfNotExists\n  deletionPolicy: Delete\n  {Token}");
        var pushed = await ReadyAsync(stage, "True");
        await StepAsync(time, controller, 10 * Minute, 12);
        Assert.Equal("token-1", stage.Writable.Values["one/pw"]);
        Assert.Equal([1], stage.Leaving.Alive.Keys);
        Assert.Single(stage.Cluster.Requests.All(), request => request is { Verb: "create", Resource: "generatorstates" });
        var again = await ReadyAsync(stage, "True");
        Assert.NotEqual(pushed.Status!.RefreshTime, again.Status!.RefreshTime);
        Assert.Equal(["SecretStore/one pw"], LyingIn(again));
        // Gone from the store: made anew, and what was lost is taken back.
        stage.Writable.Values.Clear();
        await ExternalStage.PassAsync(time, controller, Minute, () => stage.Writable.Values.ContainsKey("one/pw") && !stage.Leaving.Alive.ContainsKey(1));
        Assert.Equal("token-2", stage.Writable.Values["one/pw"]);
    }

    [Fact]
    public async Task With_updatePolicy_IfNotExists_what_was_made_for_items_of_no_known_name_and_is_not_wanted_goes_and_not_what_is_kept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (stage, controller) = await StartedAsync(time, "one");
        await using var taken = stage;
        await GenerateAsync(stage, "refreshInterval: 1h\n  updatePolicy: IfNotExists\n  dataTo: [{storeRef: {name: one}}]");
        await ReadyAsync(stage, "True");
        await ExternalStage.PassAsync(time, controller, 10 * Minute, () => stage.Cluster.Requests.All().Count(request => request is { Verb: "create", Resource: "generatorstates" }) > 2);
        await StepAsync(time, controller, Minute, 3);
        Assert.Equal("token-1", stage.Writable.Values["one/token"]);
        Assert.Equal([1], stage.Leaving.Alive.Keys);
    }

    [Fact]
    public async Task What_one_store_has_stays_good_and_is_what_another_gets_that_was_down()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (stage, controller) = await StartedAsync(time, "one", "two");
        await using var taken = stage;
        stage.Writable.Broken = "two/";
        await GenerateAsync(stage, $"refreshInterval: 24h\n  {Token}", "[{name: one}, {name: two}]");
        await ReadyAsync(stage, "False", "set secret failed: could not write remote ref token to target secretstore two");
        await StepAsync(time, controller, Minute, 5);
        Assert.Equal([1], stage.Leaving.Alive.Keys);
        Assert.True(stage.Writable.Calls.Count(call => call == "push two/pw") > 2);
        stage.Writable.Broken = null;
        await ExternalStage.PassAsync(time, controller, Minute, () => stage.Writable.Values.ContainsKey("two/pw"));
        Assert.Equal(["SecretStore/one pw", "SecretStore/two pw"], LyingIn(await ReadyAsync(stage, "True")));
        Assert.Equal(("token-1", "token-1"), (stage.Writable.Values["one/pw"], stage.Writable.Values["two/pw"]));
        Assert.Single(stage.Writable.Calls, call => call == "push one/pw");
        // The interval goes on from there.
        await ExternalStage.PassAsync(time, controller, 30 * Minute, () => stage.Writable.Values["two/pw"] == "token-2" && !stage.Leaving.Alive.ContainsKey(1));
        Assert.Equal("token-2", stage.Writable.Values["one/pw"]);
    }

    [Fact]
    public async Task While_a_store_is_down_the_others_get_new_values_at_each_interval_and_what_lies_nowhere_goes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (stage, controller) = await StartedAsync(time, "one", "two");
        await using var taken = stage;
        await GenerateAsync(stage, $"refreshInterval: 1h\n  {Token}", "[{name: one}, {name: two}]");
        await ReadyAsync(stage, "True");
        stage.Writable.Broken = "two/";
        await ExternalStage.PassAsync(time, controller, 10 * Minute, () => stage.Writable.Values["one/pw"] is not ("token-1" or "token-2") && !stage.Leaving.Alive.ContainsKey(2));
        // The store that is down has the first one still.
        Assert.Equal("token-1", stage.Writable.Values["two/pw"]);
        Assert.Contains(1, stage.Leaving.Alive.Keys);
    }

    [Fact]
    public async Task With_an_interval_of_zero_a_label_makes_no_new_value_and_an_edited_spec_does()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: {name: pw}\nspec: {length: 8, noUpper: false, allowRepeat: true}");
        const string Selector = "{generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}}";
        await PushFromAsync(stage, Selector, "refreshInterval: \"0\"\n  data: [{match: {secretKey: password, remoteRef: {remoteKey: pw}}}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, """{"metadata":{"labels":{"a":"b"},"annotations":{"a":"b"}}}""");
        // Comes after it on the same watch.
        await PushFromAsync(stage, Selector, "refreshInterval: \"0\"\n  data: [{match: {secretKey: password, remoteRef: {remoteKey: other}}}]", name: "other");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("one/other"));
        await PatchAsync(stage, """{"spec":{"data":[{"match":{"secretKey":"password","remoteRef":{"remoteKey":"moved"}}}]}}""");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("one/moved"));
        Assert.Single(stage.Writable.Calls, call => call == "push one/pw");
        Assert.Equal("1", stage.Writable.Values["one/pw"]);
    }

    [Theory]
    [InlineData("template: {data: {token: '{{ .absent }}'}}\n  " + Token, "could not apply template")]
    [InlineData("data: [{match: {secretKey: absent, remoteRef: {remoteKey: pw}}}]", "set secret failed: secret key absent does not exist")]
    public async Task What_no_store_was_offered_is_taken_back_at_once(string rest, string message)
    {
        await using var stage = await StartedAsync();
        await GenerateAsync(stage, rest);
        await ReadyAsync(stage, "False", message);
        await Eventually.TrueAsync(() => !stage.Leaving.Alive.ContainsKey(1));
    }

    private static async Task GenerateAsync(ExternalStage stage, string rest, string stores = "[{name: one}]")
    {
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Grafana\nmetadata: {name: tokens}\nspec: {url: 'http://nowhere', auth: {}, serviceAccount: {name: a, role: Viewer}}");
        await PushFromAsync(stage, "{generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Grafana, name: tokens}}", rest, stores);
    }

    private static async Task StepAsync(FakeTimeProvider time, ControllerProcess controller, TimeSpan step, int times)
    {
        var passed = 0;
        await ExternalStage.PassAsync(time, controller, step, () => passed++ == times);
    }
}
