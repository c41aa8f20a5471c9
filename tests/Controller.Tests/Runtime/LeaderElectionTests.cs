using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Logging;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Kube;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

public sealed class LeaderElectionTests : IAsyncLifetime
{
    private static readonly NamespacedName LeaseName = new("default", "controller");
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = new LeaderElectionOptions { Lease = LeaseName, Identity = "" }.RetryPeriod;

    private readonly SleepersTime time = new();
    private readonly KubeKind<JsonObject> leases = KubeKind.Untyped(new KubeResource("coordination.k8s.io", "v1", "leases"));
    private readonly List<(CancellationTokenSource Stop, Task Running)> started = [];
    private int stopped;
    private LocalTestCluster cluster = null!;
    private KubeConnection connection = null!;
    private KubeClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Cancel);
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        client = NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (stop, running) in started)
        {
            await StopAsync(stop, running);
            stop.Dispose();
        }

        connection.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_exactly_one_leads()
    {
        var a = Start("a");
        var b = Start("b");
        for (var i = 0; i < 100; i++)
        {
            Assert.False(a.IsLeader && b.IsLeader);
            time.Advance(Step);
            await Task.Yield();
        }

        await PassAsync(() => a.IsLeader || b.IsLeader);
    }

    [Fact]
    public async Task A_lease_made_ahead_without_a_spec_is_taken()
    {
        await client.CreateAsync(leases, NewLease(null), Cancel);
        var a = Start("a");
        await PassAsync(() => a.IsLeader);
        var lease = await client.GetAsync(leases, LeaseName, Cancel);
        Assert.Equal("a", lease["spec"]?["holderIdentity"]?.GetValue<string>());
        Assert.Equal(15, lease["spec"]?["leaseDurationSeconds"]?.GetValue<int>());
    }

    [Fact]
    public async Task The_leader_renews_and_stays()
    {
        var a = Start("a");
        await PassAsync(() => a.IsLeader);
        var gained = time.GetUtcNow();
        await RenewedAsync(20);
        Assert.True(a.IsLeader);
        Assert.True(time.GetUtcNow() - gained >= TimeSpan.FromSeconds(38));
    }

    [Fact]
    public async Task Stopping_gives_the_lease_back_so_that_the_next_leads_at_its_next_look()
    {
        var a = Start("a");
        await PassAsync(() => a.IsLeader);
        var b = Start("b");
        await StopAsync(started[0].Stop, started[0].Running);
        stopped++;
        Assert.False(a.IsLeader);
        Assert.Equal("", (await client.GetAsync(leases, LeaseName, Cancel))["spec"]?["holderIdentity"]?.GetValue<string>() ?? "");

        // How soon b looks in virtual time says more of this machine than of b; that it need not wait for the lease to run out is said by the empty holder above.
        await PassAsync(() => b.IsLeader);
    }

    [Fact]
    public async Task A_holder_that_died_is_followed_when_its_lease_has_run_out_and_not_before()
    {
        await client.CreateAsync(leases, NewLease(new JsonObject { ["holderIdentity"] = "dead", ["leaseDurationSeconds"] = 30, ["leaseTransitions"] = 4 }), Cancel);
        var a = Start("a");
        await PassAsync(() => Looks() > 0);
        var seen = time.GetUtcNow();
        await PassAsync(() => a.IsLeader);
        Assert.True(time.GetUtcNow() - seen >= TimeSpan.FromSeconds(28));
        Assert.Equal(5, (await client.GetAsync(leases, LeaseName, Cancel))["spec"]?["leaseTransitions"]?.GetValue<int>());
    }

    [Fact]
    public async Task A_leader_cut_off_from_the_server_steps_down_before_the_other_can_follow()
    {
        var a = Start("a", out var aLost);
        await PassAsync(() => a.IsLeader);
        var term = await a.WaitUntilLeaderAsync(Cancel);
        var b = Start("b");
        using (cluster.Server.Faults.Disconnect(new FaultMatch("update", "leases")))
        {
            await PassAsync(() =>
            {
                Assert.False(b.IsLeader);
                return !a.IsLeader && aLost.Count == 1;
            });
            Assert.True(term.IsCancellationRequested);
        }

        await PassAsync(() =>
        {
            Assert.False(a.IsLeader && b.IsLeader);
            return a.IsLeader || b.IsLeader;
        });
    }

    /// <summary>The server answers, and refuses the writes alone: the Lease is read all the while.</summary>
    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_leader_whose_renewals_are_refused_steps_down_before_the_other_can_follow(int code)
    {
        var a = Start("a", out var aLost);
        await PassAsync(() => a.IsLeader);
        await RenewedAsync(1);
        var term = await a.WaitUntilLeaderAsync(Cancel);
        var b = Start("b");
        var refusedAt = time.GetUtcNow();
        using (cluster.Server.Faults.Answer(code, new FaultMatch("update", "leases")))
        {
            await PassAsync(() =>
            {
                Assert.False(b.IsLeader);
                return aLost.Count == 1;
            });
            Assert.True(time.GetUtcNow() - refusedAt < TimeSpan.FromSeconds(15));
            Assert.True(term.IsCancellationRequested);
        }

        await PassAsync(() =>
        {
            Assert.False(a.IsLeader && b.IsLeader);
            return a.IsLeader || b.IsLeader;
        });
    }

    [Fact]
    public async Task A_term_that_ran_out_is_given_to_nobody_even_before_its_end_is_told()
    {
        var a = Start("a");
        await PassAsync(() => a.IsLeader);
        Task<CancellationToken>? next = null;
        using var asks = (await a.WaitUntilLeaderAsync(Cancel)).Register(() => next = a.WaitUntilLeaderAsync(Cancel));
        using (cluster.Server.Faults.Disconnect(new FaultMatch("update", "leases")))
        {
            await PassAsync(() => Volatile.Read(ref next) is not null);
        }

        await PassAsync(() => next!.IsCompleted);
        Assert.False((await next!).IsCancellationRequested);
    }

    [Fact]
    public async Task A_single_failure_of_the_server_does_not_cost_the_leadership()
    {
        var a = Start("a", out var lost);
        await PassAsync(() => a.IsLeader);
        using var fault = cluster.Server.Faults.Answer(500, new FaultMatch("update", "leases"), times: 2);
        await RenewedAsync(2);
        Assert.Equal(2, fault.Hits);
        Assert.True(a.IsLeader);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task Somebody_elses_write_to_the_lease_does_not_cost_the_leadership()
    {
        var a = Start("a", out var lost);
        await PassAsync(() => a.IsLeader);
        await client.PatchAsync(leases, LeaseName, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "1" } } }, Cancel);
        await RenewedAsync(3);
        Assert.True(a.IsLeader);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task A_leader_that_finds_another_in_its_lease_steps_down()
    {
        var a = Start("a", out var lost);
        await PassAsync(() => a.IsLeader);
        await client.PatchAsync(leases, LeaseName, new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = "usurper" } }, Cancel);
        await PassAsync(() => lost.Count == 1);
        Assert.Equal("usurper", (await client.GetAsync(leases, LeaseName, Cancel))["spec"]?["holderIdentity"]?.GetValue<string>());
    }

    [Fact]
    public async Task What_is_forbidden_is_told_with_its_verb_and_how_often_in_a_row()
    {
        var told = new ConcurrentQueue<(string Verb, int InARow)>();
        using (cluster.Server.Faults.Answer(403, new FaultMatch("create", "leases")))
        {
            Start("a").Forbidden += (refused, inARow) => told.Enqueue((refused.Verb, inARow));
            await PassAsync(() => told.Count >= 4);
            Assert.Equal(("create", 4), told.ElementAt(3));

            // As long as there is no Lease, somebody may make one: it is looked for without a rest.
            var since = time.GetUtcNow();
            await PassAsync(() => told.Count >= 8);
            Assert.True(time.GetUtcNow() - since < Pause * 6);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_named()
    {
        await using var server = await ScriptedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var (clock, log) = (new FakeTimeProvider(), new SharedLog());
        using var provider = new SlogLoggerProvider(new SlogWriter(TextWriter.Null, log, asJson: false, clock));
        var options = new LeaderElectionOptions { Lease = LeaseName, Identity = "a", Jitter = () => 0.5 };
        using var stop = new CancellationTokenSource();
        var running = new LeaderElection(server.Client(clock), options, clock, provider.CreateLogger("")).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => server.Requests.Count == 1);
        clock.Advance(options.RenewDeadline);
        await Eventually.TrueAsync(() => log.ToString().Contains($"(no answer in time from the API server at {server.Address.Authority})", StringComparison.Ordinal));
        await StopAsync(stop, running);
    }

    private static JsonObject NewLease(JsonObject? spec)
    {
        var lease = new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = LeaseName.Name, ["namespace"] = LeaseName.Namespace },
        };
        if (spec is not null)
        {
            lease["spec"] = spec;
        }

        return lease;
    }

    private KubeClient NewClient() => new(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System)); // requests are real, and so is their time

    private LeaderElection Start(string identity) => Start(identity, out _);

    private LeaderElection Start(string identity, out ConcurrentQueue<string> lost)
    {
        var losses = lost = new ConcurrentQueue<string>();
        var options = new LeaderElectionOptions { Lease = LeaseName, Identity = identity, Jitter = () => 0.5 };
        var election = new LeaderElection(NewClient(), options, time, NullLogger.Instance);
        election.LeadershipLost += () => losses.Enqueue(identity);
        var stop = new CancellationTokenSource();
        started.Add((stop, election.RunAsync(stop.Token)));
        return election;
    }

    private static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
    }

    private int Renewals() => cluster.Server.Requests.Count(request => request is { Verb: "update", Resource: "leases", StatusCode: 200 });

    private async Task RenewedAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var before = Renewals();
            await PassAsync(() => Renewals() > before);
        }
    }

    private int Looks() => cluster.Server.Requests.Count(request => request is { Verb: "get", Resource: "leases" });

    /// <summary>Time passes only while every replica sleeps between two tries: however slow the machine, a try takes none.</summary>
    private Task PassAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        if (condition()) return true;
        if (time.Sleepers(Pause, Pause * 1.2) == started.Count - stopped) time.Advance(Step);
        return false;
    });
}
