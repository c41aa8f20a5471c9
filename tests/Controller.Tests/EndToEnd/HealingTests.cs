using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>What the original does not do: drift, failures and their end, restarts.</summary>
public sealed class HealingTests
{
    /// <summary>What whoever replaces an object by deleting and creating it has for the second half.</summary>
    private static readonly TimeSpan Vacancy = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task An_edited_Secret_is_put_right_at_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"), ("b", "2"));
        await stage.SyncedAsync("db", "True");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"data":{"a":"aGFja2Vk","b":null,"added":"eA=="}}""");
        var healed = await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "1");
        Assert.Equal(["a", "b"], healed.Data!.Keys);
    }

    [Fact]
    public async Task A_deleted_Secret_comes_back_at_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow)).Ready; // a clock that stands still: no delay would ever end
        await stage.ApplyAsync("db", ("a", "1"));
        var first = await stage.SecretAsync("db");
        await stage.SyncedAsync("db", "True");
        await stage.DeleteSecretAsync(Stage.Key("db"));
        var second = await stage.SecretAsync("db", secret => secret.Metadata.Uid != first.Metadata.Uid);
        Assert.Equal("1", Stage.Item(second, "a"));
        Assert.Single(second.Metadata.OwnerReferences!);
    }

    [Fact]
    public async Task A_label_that_somebody_adds_is_no_reason_to_fight()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        var hash = (await stage.SyncedAsync("db", "True")).Status!.ObservedHash;
        var touched = await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"labels":{"added":"by-somebody"}}}""");
        await stage.SealedAsync("db", source => source.Status?.ObservedHash != hash);
        var after = await stage.Kube.GetAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken);
        Assert.Equal(touched.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_Secret_in_the_way_is_not_touched_and_its_removal_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.EventAsync("shop", "db", "ErrUpdateFailed", "Resource \"db\" already exists and is not managed by SealedSecret");
        await stage.SyncedAsync("db", "False", "failed update: Resource \"db\" already exists");
        Assert.Equal("x", Stage.Item(await stage.SecretAsync("db"), "mine"));
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_Secret_in_the_way_that_is_deleted_makes_room_after_two_seconds()
    {
        await using var stage = await Stage.SetAsync();
        var (time, passes) = await BlockedAsync(stage);
        await VacateAsync(stage, time, passes);
        time.Advance(Vacancy - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, passes());
        time.Advance(TimeSpan.FromMilliseconds(1));
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_Secret_in_the_way_that_is_deleted_and_made_anew_within_two_seconds_stays()
    {
        await using var stage = await Stage.SetAsync();
        var (time, passes) = await BlockedAsync(stage);
        await VacateAsync(stage, time, passes);
        time.Advance(Vacancy - TimeSpan.FromMilliseconds(1));
        await stage.CreateSecretAsync("db", null, ("mine", "y"));
        await Eventually.TrueAsync(() => passes() >= 2, "the look at the new one");
        time.Advance(Vacancy);
        await stage.SyncedAsync("db", "False", "already exists");
        Assert.Equal("y", Stage.Item(await stage.SecretAsync("db"), "mine"));
    }

    /// <summary>A SealedSecret whose Secret's name is taken, after the one pass that found it so.</summary>
    private static async Task<(SleepersTime Time, Func<int> Passes)> BlockedAsync(Stage stage)
    {
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        var time = new SleepersTime { Watched = Vacancy };
        time.SetUtcNow(DateTimeOffset.UtcNow);
        var passes = 0;
        await stage.Build(time, built => built.Worked += _ => Interlocked.Increment(ref passes)).Ready;
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "False", "already exists");
        await Eventually.TrueAsync(() => Volatile.Read(ref passes) == 1, "the pass that is refused");
        return (time, () => Volatile.Read(ref passes));
    }

    /// <summary>Deletes what is in the way; done when the pass that follows waits for its time, or was not put off at all.</summary>
    private static async Task VacateAsync(Stage stage, SleepersTime time, Func<int> passes)
    {
        var before = time.TimesSet;
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await Eventually.TrueAsync(() => time.TimesSet > before || passes() > 1, "the pass that is put off");
        Assert.Equal(1, passes());
    }

    [Fact]
    public async Task The_annotation_managed_on_a_Secret_in_the_way_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "False");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"annotations":{"sealedsecrets.bitnami.com/managed":"true"}}}""");
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_key_that_arrives_opens_what_failed_for_want_of_it()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync(TestKeys.Seal("two", "shop", "db", ("a", "1")));
        await stage.SyncedAsync("db", "False", "no key could decrypt secret (a)");
        await stage.PutKeyAsync("two");
        await stage.SecretAsync("db", "a", "1");
        Assert.Equal([TestKeys.Key("two").Fingerprint], (await stage.SyncedAsync("db", "True")).Status!.SealingKeys!);
    }

    [Fact]
    public async Task A_status_whose_write_meets_a_conflict_is_written_all_the_same()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        // Of a label, say, whose event wakes nobody.
        using (stage.Faults.Answer(409, new FaultMatch("update", PathContains: "/db/status"), times: 2))
        {
            await stage.ApplyAsync("db", ("a", "1"));
            await stage.SyncedAsync("db", "True");
        }
        using (stage.Faults.Answer(409, new FaultMatch("update", PathContains: "/db/status"), times: 2))
        {
            await stage.ChangeAsync("db", source => source with { Spec = TestKeys.Seal("two", Stage.Namespace, "db", ("a", "2")).Spec });
            var failed = await stage.SyncedAsync("db", "False");
            Assert.Equal(failed.Metadata.Generation, failed.Status!.ObservedGeneration);
        }
        await stage.PutKeyAsync("two");
        await stage.SecretAsync("db", "a", "2");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_label_that_changes_while_an_object_is_worked_on_costs_it_no_status()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        foreach (var i in Enumerable.Range(0, 20))
        {
            await stage.ApplyAsync($"db-{i}", ("a", "1"));
            await stage.Kube.PatchAsync(SealedSecretKind.Instance, Stage.Key($"db-{i}"), JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}}}""")!.AsObject(), TestContext.Current.CancellationToken);
        }
        foreach (var i in Enumerable.Range(0, 20)) await stage.SyncedAsync($"db-{i}", "True");
    }

    [Fact]
    public async Task A_change_of_the_scope_annotation_alone_is_noticed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var wide = TestKeys.Seal("one", "shop", "db", SealedSecretAnnotations.ClusterWide, ("a", "1"));
        await stage.ApplyAsync(wide with { Metadata = wide.Metadata with { Annotations = null } });
        await stage.SyncedAsync("db", "False");
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = wide.Metadata.Annotations } });
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_message_that_changes_is_written_though_the_condition_stays_False()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("two", "shop", "db", SealedSecretAnnotations.NamespaceWide, ("a", "1"));
        await stage.ApplyAsync(sealedSecret);
        await stage.SyncedAsync("db", "False", "(a)");
        // Only the annotation changes, so the generation does not; then the key comes and the Secret is in the way.
        await stage.CreateSecretAsync("db", null, ("mine", "x"));
        await stage.PutKeyAsync("two");
        await stage.SyncedAsync("db", "False", "already exists");
    }

    [Fact]
    public async Task Skip_set_owner_references_works_alone()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "1"));
        var template = new SecretTemplateSpec { Metadata = new ObjectMeta { Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SkipSetOwnerReferences] = "true" } } };
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = template } });
        Assert.Null((await stage.SecretAsync("db")).Metadata.OwnerReferences);
        await stage.SyncedAsync("db", "True");
        await stage.PatchSecretAsync(Stage.Key("db"), """{"data":{"a":"aGFja2Vk"}}""");
        await stage.SecretAsync("db", "a", "1");
        await stage.ChangeAsync("db", source => source with { Spec = source.Spec with { EncryptedData = TestKeys.Seal("one", "shop", "db", ("a", "2")).Spec.EncryptedData } });
        await stage.SecretAsync("db", "a", "2");
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_refused_write_is_tried_again_after_a_while()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        using var fault = stage.Faults.Answer(403, new FaultMatch("create", "secrets", "/shop/"), times: 2);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = stage.Build(time);
        await controller.Ready;
        var first = FailureAsync(controller);
        await stage.ApplyAsync("db", ("a", "1"));
        await first;
        await stage.EventAsync("shop", "db", "ErrUpdateFailed");
        await stage.SyncedAsync("db", "False");

        var second = FailureAsync(controller);
        time.Advance(TimeSpan.FromSeconds(1));
        await second;
        Assert.Equal(2, fault.Hits);

        time.Advance(TimeSpan.FromSeconds(2)); // twice as long
        await stage.SecretAsync("db", "a", "1");
        await stage.SyncedAsync("db", "True");
    }

    /// <summary>A Secret of this type without this item, a label that is none, a name of an item that is none.</summary>
    [Theory]
    [InlineData("tls.crt", "kubernetes.io/tls", null)]
    [InlineData("a", null, "not a label")]
    [InlineData("no item", null, null)]
    public async Task What_the_API_server_finds_invalid_is_stalled_and_not_tried_again_soon(string item, string? type, string? label)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = stage.Build(time);
        await controller.Ready;
        var first = Stage.PassesAsync(controller, 1);
        var sealedSecret = TestKeys.Seal("one", "shop", "db", (item, "1"));
        var metadata = label is null ? null : new ObjectMeta { Labels = new(StringComparer.Ordinal) { ["team"] = label } };
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = new SecretTemplateSpec { Type = type, Metadata = metadata } } });
        var stalled = await stage.SyncedAsync("db", "False");
        Assert.Equal(("True", "ErrUpdateFailed"), (stalled.Status!.Conditions![2].Status, stalled.Status.Conditions[2].Reason));
        await first;
        var again = Stage.PassesAsync(controller, 1);
        await Eventually.TurnedAsync(time, TimeSpan.FromMinutes(59));
        Assert.False(again.IsCompleted);
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(1), () => again.IsCompleted, "another try"); // a policy of the cluster may have changed
    }

    /// <summary>The original's definition knows no field of ours: the API server drops them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [InlineData(false, "--skip-recreate")]
    [InlineData(false, "--label-selector=team=a")]
    public async Task A_restart_over_unchanged_objects_opens_nothing_asks_for_nothing_and_writes_nothing(bool originalDefinition, params string[] flags)
    {
        const int Objects = 25;
        await using var stage = await Stage.SetAsync(originalDefinition ? OriginalDefinition : null);
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync(flags);
        await stage.CreateSecretAsync("db-0", [SealedSecretAnnotations.Patch], ("lent", "x"));
        for (var i = 0; i < Objects; i++) await stage.ApplyAsync(OfTeamA(i == 1 ? Requested("db-1") : TestKeys.Seal("one", "shop", $"db-{i}", ("a", "1"))));
        for (var i = 0; i < Objects; i++) await stage.SyncedAsync($"db-{i}", "True");
        await stage.StopAsync(first);
        stage.Cluster.Requests.Clear();

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var passes = Task.CompletedTask;
        var second = stage.Build(time, built => passes = Stage.PassesAsync(built, Objects), flags);
        await passes;
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite));
        // What no watch shows is asked for once.
        Assert.Equal(flags.Length == 0 ? 0 : Objects, stage.Cluster.Requests.Count(request => request.Verb == "get" && request.Resource == "secrets" && request.Namespace == "shop"));
        Assert.Equal(0, await OpenedAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [InlineData(false, "--skip-recreate")]
    [InlineData(false, "--label-selector=team=a")]
    public async Task What_changed_while_no_controller_ran_is_put_right_at_the_start_and_nothing_else_is_opened(bool originalDefinition, params string[] flags)
    {
        await using var stage = await Stage.SetAsync(originalDefinition ? OriginalDefinition : null);
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync(flags);
        string[] names = ["same", "edited", "deleted", "resealed"];
        foreach (var name in names) await stage.ApplyAsync(OfTeamA(TestKeys.Seal("one", "shop", name, ("a", "1"))));
        foreach (var name in names) await stage.SyncedAsync(name, "True");
        await stage.StopAsync(first);
        await stage.PatchSecretAsync(Stage.Key("edited"), """{"data":{"a":"aGFja2Vk"}}""");
        await stage.DeleteSecretAsync(Stage.Key("deleted"));
        await stage.ChangeAsync("resealed", source => source with { Spec = source.Spec with { EncryptedData = TestKeys.Seal("one", "shop", "resealed", ("a", "2")).Spec.EncryptedData } });

        var looked = new ConcurrentDictionary<NamespacedName, bool>();
        var second = stage.Build(TimeProvider.System, built => built.Worked += pass => looked[pass.Key] = true, flags);
        await Eventually.TrueAsync(() => looked.Count == names.Length, "a look at each");
        foreach (var name in names) await stage.SecretAsync(name, "a", name == "resealed" ? "2" : "1");
        Assert.Equal(3, await OpenedAsync(second));
    }

    private static SealedSecret OfTeamA(SealedSecret source) => source with { Metadata = source.Metadata with { Labels = new(StringComparer.Ordinal) { ["team"] = "a" } } };

    [Fact]
    public async Task A_CRD_without_our_status_fields_causes_no_loop_of_writes()
    {
        await using var stage = await Stage.SetAsync(OriginalDefinition);
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SealedAsync("db", source => ObservedNote.IsCarried(source.Status));
        await WritesAsync(stage, 2); // the first of all finds out; the second is what each of the others writes at once
        Assert.Contains("drops status.observedHash", stage.Log.ToString(), StringComparison.Ordinal);
        await stage.ApplyAsync("web", ("a", "1"));
        await stage.SyncedAsync("web", "True");
        await WritesAsync(stage, 3);

        var first = Stage.PassesAsync(controller, 1);
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = new(StringComparer.Ordinal) { ["touched"] = "once" } } });
        await first;
        Assert.Equal(3, Writes(stage));
        var second = Stage.PassesAsync(controller, 1);
        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"labels":{"x":"y"}}}""");
        await second; // which may have been one that waits for its own echo
        await WritesAsync(stage, 4);
    }

    [Fact]
    public async Task The_first_object_that_is_written_where_our_fields_are_dropped_leaves_its_note_in_the_same_pass()
    {
        await using var stage = await Stage.SetAsync(OriginalDefinition);
        await stage.PutKeyAsync("one");
        var pass = Stage.PassesAsync(await stage.StartAsync("--skip-recreate"), 1); // without a watch of Secrets nothing wakes it a second time
        await stage.ApplyAsync("db", ("a", "1"));
        await pass;
        Assert.True(ObservedNote.IsCarried((await stage.Kube.GetAsync(SealedSecretKind.Instance, Stage.Key("db"), TestContext.Current.CancellationToken)).Status));
    }

    /// <summary>Completes with the next pass that fails: one that finds the cache behind our own write counts for nothing, as it tries nothing.</summary>
    private static Task FailureAsync(ControllerProcess controller)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        controller.Worked += pass =>
        {
            if (pass.Outcome == WorkOutcome.Failed) failed.TrySetResult();
        };
        return failed.Task.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>As far as it differs from ours in what the API server keeps.</summary>
    internal static string OriginalDefinition => JsonNode.Parse("""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"sealedsecrets.bitnami.com"},
         "spec":{"group":"bitnami.com","names":{"kind":"SealedSecret","listKind":"SealedSecretList","plural":"sealedsecrets","singular":"sealedsecret"},"scope":"Namespaced",
         "versions":[{"name":"v1alpha1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
           "spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
           "status":{"type":"object","properties":{"observedGeneration":{"type":"integer","format":"int64"},"conditions":{"type":"array","items":{"type":"object","required":["type","status"],"properties":{
             "type":{"type":"string"},"status":{"type":"string"},"reason":{"type":"string"},"message":{"type":"string"},"lastUpdateTime":{"type":"string"},"lastTransitionTime":{"type":"string"}}}}}}}}}}]}}
        """)!.ToJsonString();

    /// <summary>One that somebody asked to be looked at, which is done once.</summary>
    internal static SealedSecret Requested(string name)
    {
        var sealedSecret = TestKeys.Seal("one", "shop", name, ("a", "1"));
        return sealedSecret with { Metadata = sealedSecret.Metadata with { Annotations = new(StringComparer.Ordinal) { [ReconcileRequest.Annotation] = "2026-06-01 12:00" } } };
    }

    /// <summary>Waits for so many writes, and finds no more: kube-apiserver tells of a request a moment after it answered.</summary>
    private static async Task WritesAsync(Stage stage, int count)
    {
        await Eventually.TrueAsync(() => Writes(stage) >= count);
        Assert.Equal(count, Writes(stage));
    }

    private static int Writes(Stage stage) => stage.Cluster.Requests.All().Count(request => request is { Resource: "sealedsecrets/status", StatusCode: 200 });

    /// <summary>How many objects the controller has opened, or tried to.</summary>
    internal static async Task<int> OpenedAsync(ControllerProcess controller)
    {
        const string Name = "\nsealed_secrets_controller_unseal_requests_total ";
        using var http = new HttpClient();
        var measured = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), TestContext.Current.CancellationToken);
        var start = measured.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(measured.AsSpan(start, measured.IndexOf('\n', start) - start), System.Globalization.CultureInfo.InvariantCulture);
    }
}
