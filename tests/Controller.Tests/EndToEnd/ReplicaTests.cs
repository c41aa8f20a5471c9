using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Several replicas, starts, stops and bad surroundings.</summary>
public sealed class ReplicaTests
{
    /// <summary>A lease that outlives any stall of a loaded machine: it changes hands only where a test gives it up.</summary>
    private static readonly string[] Elect =
        ["--leader-elect=true", "--leader-elect-lease-duration=20m", "--leader-elect-renew-deadline=10m", "--leader-elect-retry-period=100ms"];

    [Fact]
    public async Task Every_replica_serves_the_certificate_and_only_the_leader_works()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync(Elect);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        var second = await stage.StartAsync(Elect);
        var worked = 0;
        second.Worked += _ => Interlocked.Increment(ref worked);
        using var http = new HttpClient();
        var served = await http.GetStringAsync(new Uri(second.ApiAddress!, "/v1/cert.pem"), TestContext.Current.CancellationToken);
        Assert.Equal(TestKeys.Pair("one").Certificate.Trim(), served.Trim());
        await stage.ApplyAsync("web", ("a", "1"));
        await stage.SyncedAsync("web", "True");
        Assert.Equal(0, worked);
    }

    [Fact]
    public async Task When_the_leader_stops_the_next_one_takes_over_and_repeats_nothing()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync(Elect);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        var second = await stage.StartAsync(Elect);
        var passes = Stage.PassesAsync(second, 1);
        await stage.StopAsync(first);
        stage.Cluster.Requests.Clear();
        await passes;
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite && request.Resource != "leases"));
        await stage.ApplyAsync("web", ("a", "2"));
        await stage.SecretAsync("web", "a", "2");
    }

    [Fact]
    public async Task Without_access_to_Leases_one_replica_works_all_the_same()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        using var fault = stage.Faults.Answer(403, new FaultMatch(Resource: "leases"));
        await stage.StartAsync(Elect);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SecretAsync("db", "a", "1");
        Assert.Contains("working without leader election", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_for_Leases_that_comes_later_makes_a_leader_of_the_one_that_worked_without()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var fault = stage.Faults.Answer(403, new FaultMatch(Resource: "leases"));
        await stage.StartAsync(Elect);
        await Eventually.TrueAsync(() => stage.Log.ToString().Contains("working without leader election", StringComparison.Ordinal), "work without a Lease");
        fault.Dispose();
        await stage.UntilAsync(Lease.NewKind(), Stage.KeyNamespace, all => all.FirstOrDefault(lease => lease.Spec?.HolderIdentity is { Length: > 0 }));

        var second = await stage.StartAsync(Elect);
        var worked = 0;
        second.Worked += _ => Interlocked.Increment(ref worked);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        Assert.Equal(0, worked);
    }

    [Fact]
    public async Task Who_worked_without_a_Lease_stops_when_it_can_be_had_and_another_has_it()
    {
        await using var stage = await Stage.SetAsync();
        var faults = stage.Faults;
        await stage.PutKeyAsync("one");
        var spec = new LeaseSpec { HolderIdentity = "another", LeaseDurationSeconds = 3600, RenewTime = "2026-01-01T00:00:00.000000Z" };
        await stage.Kube.CreateAsync(Lease.NewKind(), new Lease { Metadata = new ObjectMeta { Namespace = Stage.KeyNamespace, Name = "sealed-secrets-controller" }, Spec = spec }, TestContext.Current.CancellationToken);
        var fault = faults.Answer(403, new FaultMatch(Resource: "leases"));
        await stage.StartAsync(Elect);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        fault.Dispose();
        await Eventually.TrueAsync(() => stage.Log.ToString().Contains("sealedsecret: workers stopped", StringComparison.Ordinal), "the end of the work");
    }

    /// <summary>It is there, so whoever may write it may be leading by it.</summary>
    [Fact]
    public async Task Who_may_read_the_Lease_and_not_write_it_stands_by_and_says_which_right_is_missing()
    {
        await using var stage = await Stage.SetAsync();
        using (stage.Faults.Answer(403, new FaultMatch("update", "leases")))
        {
            await stage.PutKeyAsync("one");
            await MakeLeaseAsync(stage);
            await stage.StartAsync(Elect);
            await stage.ApplyAsync("db", ("a", "1"));
            await Eventually.TrueAsync(() => stage.Log.ToString().Contains("no right to update leases.coordination.k8s.io", StringComparison.Ordinal), "the missing right");
            var tries = stage.Cluster.Requests.Count(request => request.Resource == "leases");
            await Eventually.TrueAsync(() => stage.Cluster.Requests.Count(request => request.Resource == "leases") > tries + 4, "more tries");
            Assert.Single(stage.Log.ToString().Split('\n'), line => line.Contains("no right to update", StringComparison.Ordinal));
            Assert.DoesNotContain("working without", stage.Log.ToString(), StringComparison.Ordinal);
        }

        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task Who_worked_without_a_Lease_stops_when_there_is_one_that_it_may_not_write()
    {
        await using var stage = await Stage.SetAsync();
        var missing = stage.Faults.Answer(404, new FaultMatch("get", "leases"));
        await stage.PutKeyAsync("one");
        await MakeLeaseAsync(stage);
        using var create = stage.Faults.Answer(403, new FaultMatch("create", "leases"));
        using var update = stage.Faults.Answer(403, new FaultMatch("update", "leases"));
        await stage.StartAsync(Elect);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        missing.Dispose();
        await Eventually.TrueAsync(() => stage.Log.ToString().Contains("sealedsecret: workers stopped", StringComparison.Ordinal), "the end of the work");
    }

    [Fact]
    public async Task A_role_that_comes_a_moment_after_two_replicas_lets_one_of_them_make_the_first_key()
    {
        await using var stage = await Stage.SetAsync();
        using var fault = stage.Faults.Answer(403, new FaultMatch(Resource: "leases"), times: 3);
        ControllerProcess[] both = [stage.Build(TimeProvider.System, Elect), stage.Build(TimeProvider.System, Elect)];
        await Eventually.TrueAsync(() => both.All(one => one.Keys.Ring.Current is not null), "a key in both");
        var keys = await stage.Kube.ListAsync(ClusterKinds.Secrets, new ListQuery { Namespace = Stage.KeyNamespace, LabelSelector = SealedSecretAnnotations.SealingKeyLabel }, TestContext.Current.CancellationToken);
        Assert.Single(keys);
    }

    [Fact]
    public async Task Probes_are_answered_before_the_API_server_is()
    {
        await using var stage = await Stage.SetAsync();
        using var fault = stage.Faults.Answer(500, FaultMatch.Everything);
        var controller = stage.Build(TimeProvider.System);
        await controller.Listening;
        using var http = new HttpClient();
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri(controller.ApiAddress!, "/healthz"), TestContext.Current.CancellationToken));
        using var ready = await http.GetAsync(new Uri(controller.ApiAddress!, "/readyz"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Fact]
    public void Bad_flags_are_refused_together()
    {
        var refused = Assert.Throws<ControllerOptionsException>(() => ControllerHost.Build(["--nope", "--workers=x"], new ControllerSurroundings { Environment = new Dictionary<string, string>() }));
        Assert.Equal(2, refused.Problems.Count);
    }

    [Fact]
    public void The_version_is_printed_as_scripts_expect_it() =>
        Assert.Matches("^controller version: (v[0-9]+\\.[0-9]+\\.[0-9]+|[0-9a-f]{40})(\\+dirty)?\n", ControllerVersion.Text);

    private static Task<Lease> MakeLeaseAsync(Stage stage) => stage.Kube.CreateAsync(
        Lease.NewKind(), new Lease { Metadata = new ObjectMeta { Namespace = Stage.KeyNamespace, Name = "sealed-secrets-controller" }, Spec = new LeaseSpec() }, TestContext.Current.CancellationToken);
}
