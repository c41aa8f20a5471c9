using System.Net;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

/// <summary>An event over HTTPS, and what becomes of it.</summary>
public sealed class EventRefreshTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Signed = "[{name: ci, generic: {keyFiles: [KEY]}}]";

    [Fact]
    public async Task An_event_refreshes_the_ExternalSecrets_of_its_key_at_once_and_no_others_by_one_call()
    {
        await using var events = await EventStage.SetAsync(Signed);
        var stage = events.Stage;
        foreach (var (key, value) in new[] { ("prod/db", "old"), ("prod/mail", "old"), ("prod/whole", "{\"a\":\"old\"}") }) stage.Provider.Values[key] = value;
        await stage.StoreAsync();
        await stage.ExternalAsync("one", ("password", "prod/db"), ("mail", "prod/mail"));
        await stage.ExternalAsync("two", ("password", "prod/db"));
        await stage.ExternalAsync("other", ("mail", "prod/mail"));
        foreach (var name in new[] { "one", "two", "other" }) await stage.ReadyAsync(name, "True");
        var before = (await stage.ReadyAsync("other", "True")).Status!.RefreshTime;
        stage.Provider.Calls.Clear();

        stage.Provider.Values["prod/db"] = "hunter2";
        stage.Provider.Values["prod/mail"] = "not to be fetched";
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", """{"provider":"scripted","key":"prod/db"}"""));

        await stage.SecretAsync("one", "password", "hunter2");
        await stage.SecretAsync("two", "password", "hunter2");
        Assert.Equal(["prod/db"], stage.Provider.Calls);
        await stage.SecretAsync("one", "mail", "old");
        Assert.Equal(before, (await stage.ReadyAsync("other", "True")).Status!.RefreshTime);
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whole_secrets_and_searches_are_refreshed_too_where_their_name_fits()
    {
        await using var events = await EventStage.SetAsync(Signed);
        var stage = events.Stage;
        (stage.Provider.Values["prod-db"], stage.Provider.Values["test-db"], stage.Provider.Values["json"]) = ("old", "old", "{\"a\":\"old\"}");
        await stage.StoreAsync();
        await SourceAsync(stage, "whole", "dataFrom: [{extract: {key: json}}]");
        await SourceAsync(stage, "found", "dataFrom: [{find: {name: {regexp: prod}}}]");
        await SourceAsync(stage, "elsewhere", "dataFrom: [{find: {name: {regexp: test}}}]");
        foreach (var name in new[] { "whole", "found", "elsewhere" }) await stage.ReadyAsync(name, "True");
        stage.Provider.Calls.Clear();

        (stage.Provider.Values["prod-db"], stage.Provider.Values["test-db"], stage.Provider.Values["json"]) = ("new", "new", "{\"a\":\"new\"}");
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", """[{"provider":"scripted","key":"prod-db"},{"provider":"scripted","key":"json"}]"""));

        await stage.SecretAsync("found", "prod-db", "new");
        await stage.SecretAsync("whole", "a", "new");
        Assert.Equal(["find prod", "json"], stage.Provider.Calls.Order(StringComparer.Ordinal));
    }

    // Which part of the event names something else.
    [Theory]
    [InlineData("""{"provider":"vault","key":"k"}""")]
    [InlineData("""{"provider":"scripted","key":"k2"}""")]
    [InlineData("""{"provider":"scripted","key":"k","store":"another"}""")]
    [InlineData("""{"provider":"scripted","key":"k","namespace":"another"}""")]
    public async Task Nothing_happens_to_what_an_event_does_not_mean(string body)
    {
        await using var events = await EventStage.SetAsync(Signed);
        await SettledAsync(events);
        await AssertLeftAloneAsync(events, "ci", body);
    }

    [Theory]
    [InlineData("refreshPolicy: CreatedOnce")]
    [InlineData("refreshPolicy: OnChange")]
    [InlineData("refreshInterval: \"0\"")]
    [InlineData("syncWindows: {kind: deny, windows: [{schedule: \"* * * * *\", duration: 1h}]}")]
    public async Task What_is_not_refreshed_by_time_is_not_refreshed_by_an_event_either(string spec)
    {
        await using var events = await EventStage.SetAsync(Signed);
        await SettledAsync(events, spec);
        await AssertLeftAloneAsync(events, "ci", """{"provider":"scripted","key":"k"}""");
    }

    [Fact]
    public async Task A_source_of_some_namespaces_refreshes_nothing_in_others()
    {
        await using var events = await EventStage.SetAsync("[{name: ci, generic: {keyFiles: [KEY]}}, {name: team, namespaces: [another], generic: {keyFiles: [KEY]}}]");
        await SettledAsync(events);
        await AssertLeftAloneAsync(events, "team", """{"provider":"scripted","key":"k"}""");
    }

    [Fact]
    public async Task A_stampede_of_events_for_a_key_costs_two_calls()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        await stage.ExternalAsync("one", ("a", "k"));
        await using var events = await EventStage.SetAsync(Signed, time, stage, "--event-rate-limit-burst=1000");
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(100), () => !stage.Provider.Calls.IsEmpty && events.Controller.External!.IsIdle);
        await stage.ReadyAsync("one", "True");
        stage.Provider.Calls.Clear();

        for (var i = 0; i < 100; i++) Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", """{"provider":"scripted","key":"k"}"""));
        await Eventually.TrueAsync(() => stage.Provider.Calls.Count == 1 && events.Controller.External!.IsIdle);
        stage.Provider.Values["k"] = "after the last event";
        var begin = time.GetUtcNow();
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(1), () => stage.Provider.Calls.Count == 2);
        // Long before the interval would bring it.
        Assert.True(time.GetUtcNow() - begin < TimeSpan.FromMinutes(30));
        await stage.SecretAsync("one", "a", "after the last event");
        for (var second = 0; second < 30; second++) time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, stage.Provider.Calls.Count);
    }

    [Fact]
    public async Task A_replica_that_does_not_lead_asks_to_come_again_and_takes_the_same_event_later()
    {
        var stage = await ExternalStage.SetAsync();
        var leases = Lease.NewKind();
        var lease = await stage.Kube.CreateAsync(leases, new Lease
        {
            Metadata = new ObjectMeta { Namespace = "kube-system", Name = "sealed-secrets-controller" },
            Spec = new LeaseSpec { HolderIdentity = "another", LeaseDurationSeconds = 3600 },
        }, Stop);
        await using var events = await EventStage.SetAsync(Signed, null, stage, "--leader-elect=true", "--leader-elect-lease-duration=1h", "--leader-elect-retry-period=10ms");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await events.TellAsync("ci", """{"provider":"scripted","key":"k"}""", "msg"));
        await stage.Kube.UpdateAsync(leases, lease with { Spec = lease.Spec! with { HolderIdentity = "" } }, Stop);
        HttpStatusCode answer;
        while ((answer = await events.TellAsync("ci", """{"provider":"scripted","key":"k"}""", "msg")) == HttpStatusCode.ServiceUnavailable) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        Assert.Equal(HttpStatusCode.Accepted, answer);
        Assert.Equal(HttpStatusCode.Conflict, await events.TellAsync("ci", """{"provider":"scripted","key":"k"}""", "msg"));
    }

    /// <summary>Two ExternalSecrets that are fresh: <c>one</c> of the key k, and <c>last</c> of a key of its own.</summary>
    private static async Task SettledAsync(EventStage events, string spec = "refreshInterval: 1h")
    {
        var stage = events.Stage;
        (stage.Provider.Values["k"], stage.Provider.Values["last"]) = ("v", "v");
        await stage.StoreAsync();
        await SourceAsync(stage, "one", "data: [{secretKey: a, remoteRef: {key: k}}]", spec);
        await stage.ExternalAsync("last", ("a", "last"));
        foreach (var name in new[] { "one", "last" }) await stage.ReadyAsync(name, "True");
        stage.Provider.Calls.Clear();
    }

    private static async Task AssertLeftAloneAsync(EventStage events, string source, string body)
    {
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync(source, body));
        await ThenAsync(events);
        Assert.DoesNotContain("k", events.Stage.Provider.Calls);
    }

    /// <summary>Waits until something that came later is done.</summary>
    private static async Task ThenAsync(EventStage events)
    {
        events.Stage.Provider.Values["last"] = "done";
        Assert.Equal(HttpStatusCode.Accepted, await events.TellAsync("ci", """{"provider":"scripted","key":"last"}"""));
        await events.Stage.SecretAsync("last", "a", "done");
    }

    private static Task SourceAsync(ExternalStage stage, string name, string values, string spec = "refreshInterval: 1h") => stage.ApplyAsync($$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: {{name}}
        spec:
          secretStoreRef: {name: store}
          {{spec}}
          {{values}}
        """);
}
