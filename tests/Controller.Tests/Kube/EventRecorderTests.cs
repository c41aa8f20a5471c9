using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private static readonly KubeKind<JsonObject> Events = KubeKind.Untyped(new KubeResource("", "v1", "events"));
    private static readonly EventSubject Subject = new()
    {
        ApiVersion = "bitnami.com/v1alpha1",
        Kind = "SealedSecret",
        Namespace = "default",
        Name = "db",
        Uid = "b5f4cf3c-77a3-4b3e-8b05-9d0d9b0f0b11",
        ResourceVersion = "7",
    };

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CancellationTokenSource stop = new();
    private LocalTestCluster cluster = null!;
    private KubeConnection connection = null!;
    private KubeClient client = null!;
    private EventRecorder recorder = null!;
    private Task running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Cancel);
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        client = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
        recorder = new EventRecorder(client, new EventRecorderOptions(), time, NullLogger.Instance);
        running = recorder.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        connection.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task An_event_tells_who_what_when_and_about_whom()
    {
        recorder.Record(Subject, EventType.Warning, "ErrUnsealFailed", "Failed to unseal: no key could decrypt secret");
        var told = Assert.Single(await FlushAsync());
        Assert.Equal(
            ("sealed-secrets", "Warning", "ErrUnsealFailed", "Failed to unseal: no key could decrypt secret", "2026-01-02T03:04:05Z", (int?)1),
            (Text(told, "source", "component"), Text(told, "type"), Text(told, "reason"), Text(told, "message"), Text(told, "lastTimestamp"), told["count"]?.GetValue<int>()));
        Assert.Equal(("SealedSecret", "db", Subject.Uid), (Text(told, "involvedObject", "kind"), Text(told, "involvedObject", "name"), Text(told, "involvedObject", "uid")));
    }

    [Fact]
    public async Task Equal_events_are_counted_up_whatever_the_version_of_the_object()
    {
        recorder.Record(Subject, EventType.Normal, "Unsealed", "SealedSecret unsealed successfully");
        recorder.Record(Subject with { ResourceVersion = "8" }, EventType.Normal, "Unsealed", "SealedSecret unsealed successfully");
        recorder.Record(Subject, EventType.Normal, "Unsealed", "SealedSecret unsealed successfully");
        Assert.Equal(3, Assert.Single(await FlushAsync())["count"]?.GetValue<int>());
    }

    [Fact]
    public async Task Events_that_differ_stay_apart()
    {
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        recorder.Record(Subject, EventType.Normal, "Unsealed", "two");
        recorder.Record(Subject with { Name = "other" }, EventType.Normal, "Unsealed", "one");
        recorder.Record(Subject, EventType.Warning, "Unsealed", "one");
        Assert.Equal(4, (await FlushAsync()).Count);
    }

    [Fact]
    public async Task An_event_that_the_server_forgot_is_written_anew()
    {
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        await Eventually.TrueAsync(() => Writes("create") == 1);
        var name = (await client.ListAsync(Events, new ListQuery { Namespace = "default" }, Cancel))[0]["metadata"]?["name"]?.GetValue<string>();
        await client.DeleteAsync(Events.Resource, new NamespacedName("default", name ?? ""), null, Cancel);
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        Assert.Equal(1, Assert.Single(await FlushAsync())["count"]?.GetValue<int>());
    }

    [Fact]
    public async Task After_the_window_an_equal_event_is_written_anew()
    {
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        recorder.Record(Subject with { Name = "other" }, EventType.Normal, "Unsealed", "one");
        await Eventually.TrueAsync(() => Writes("create") == 2); // events are written one by one: the first is remembered before the second is sent
        time.Advance(TimeSpan.FromMinutes(10));
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        Assert.Equal(2, (await FlushAsync()).Count(told => Text(told, "involvedObject", "name") == Subject.Name));
    }

    [Fact]
    public async Task One_object_cannot_flood()
    {
        for (var i = 0; i < 40; i++)
        {
            recorder.Record(Subject, EventType.Normal, "Unsealed", $"message {i}");
        }

        recorder.Record(Subject with { Name = "other" }, EventType.Normal, "Unsealed", "one");
        Assert.Equal(26, (await FlushAsync()).Count);
        Assert.Equal(15, recorder.Dropped);
    }

    [Fact]
    public async Task A_long_message_is_cut_between_characters()
    {
        recorder.Record(Subject, EventType.Normal, "Unsealed", string.Concat(Enumerable.Repeat("🔒", 600)) + "x");
        var message = Text(Assert.Single(await FlushAsync()), "message") ?? "";
        Assert.InRange(message.Length, 1000, EventRecorder.LongestMessage);
        Assert.DoesNotContain('\ufffd', message);
        Assert.EndsWith("🔒…", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_about_the_longest_name_is_written()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('n', 49), 5)) + ".abc";
        Assert.Equal(253, name.Length);
        recorder.Record(Subject with { Name = name }, EventType.Normal, "Unsealed", "one");
        Assert.Single(await FlushAsync());
    }

    [Fact]
    public async Task A_refused_event_is_dropped_and_the_next_is_written()
    {
        using var fault = cluster.Server.Faults.Answer(403, new FaultMatch("create", "events"), times: 1);
        recorder.Record(Subject, EventType.Normal, "Unsealed", "one");
        recorder.Record(Subject, EventType.Normal, "Unsealed", "two");
        Assert.Equal("two", Text(Assert.Single(await FlushAsync()), "message"));
        Assert.Equal(1, recorder.Dropped);
    }

    /// <summary>Stopping writes what is still waiting.</summary>
    private async Task<IReadOnlyList<JsonObject>> FlushAsync()
    {
        await stop.CancelAsync();
        await running;
        return await client.ListAsync(Events, new ListQuery { Namespace = "default" }, Cancel);
    }

    private int Writes(string verb) => cluster.Server.Requests.Count(request => request.Verb == verb && request.Resource == "events");

    private static string? Text(JsonObject item, params string[] path)
    {
        JsonNode? node = item;
        foreach (var name in path)
        {
            node = node?[name];
        }

        return node?.GetValue<string>();
    }
}
