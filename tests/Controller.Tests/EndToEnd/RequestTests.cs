using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sops;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Requests for a pass where no status says which were acted upon.</summary>
public sealed class RequestTests(SharedClusters clusters)
{
    private const string NoStatus = "--update-status=false";

    [Fact]
    public async Task A_request_that_was_acted_upon_cuts_no_pause_of_a_contest_short()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var putOff = 0;
        await stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow), built => built.Worked += work => Interlocked.Add(ref putOff, work.Outcome == WorkOutcome.Requeued ? 1 : 0), NoStatus).Ready;
        await stage.ApplyAsync(HealingTests.Requested("db"));
        await stage.SecretAsync("db", "a", "1");
        await ContestTests.WriteAgainstAsync(stage);
        await stage.SecretAsync("db", "a", "1"); // at once: the clock stands still
        var before = Volatile.Read(ref putOff);
        await ContestTests.WriteAgainstAsync(stage);
        await Eventually.TrueAsync(() => Volatile.Read(ref putOff) > before, "the pass that is put off");
        Assert.Equal("hacked", Stage.Item(await stage.SecretAsync("db"), "a"));
    }

    [Fact]
    public async Task Over_a_SealedSecret_that_is_current_at_the_start_it_opens_nothing_and_a_later_one_opens_it_once()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var first = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.StopAsync(first);

        await AnnotateAsync(ReconcileRequest.Annotation, "first");
        var pass = Task.CompletedTask;
        var second = stage.Build(TimeProvider.System, built => pass = Stage.PassesAsync(built, 1), NoStatus);
        await pass;
        Assert.Equal(0, await HealingTests.OpenedAsync(second));
        foreach (var (name, value) in new[] { (ReconcileRequest.Annotation, "second"), ("touched", "once") })
        {
            pass = Stage.PassesAsync(second, 1);
            await AnnotateAsync(name, value);
            await pass;
            Assert.Equal(1, await HealingTests.OpenedAsync(second));
        }

        Task AnnotateAsync(string name, string value) => stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Annotations = new(source.Metadata.Annotations ?? [], StringComparer.Ordinal) { [name] = value } } });
    }

    [Theory, OnEachCluster]
    public async Task Over_a_SopsSecret_that_is_current_at_the_start_it_decrypts_nothing_and_a_later_one_does_once(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        var first = stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}"));
        await stage.ReadyAsync("db", "True");
        await stage.StopAsync(first);

        await AnnotateAsync(ReconcileRequest.Annotation, "first");
        var pass = Task.CompletedTask;
        var second = stage.Start(new Dictionary<string, string>(), built => pass = SopsStage.PassAsync(built), NoStatus);
        await pass;
        Assert.Equal(0, second.Sops.Decryptions);
        foreach (var (name, value) in new[] { (ReconcileRequest.Annotation, "second"), ("touched", "once") })
        {
            pass = SopsStage.PassAsync(second);
            await AnnotateAsync(name, value);
            await pass;
            Assert.Equal(1, second.Sops.Decryptions);
        }

        Task AnnotateAsync(string name, string value) => stage.ChangeAsync("db", present =>
        {
            if (present["metadata"]!["annotations"] is not JsonObject annotations) present["metadata"]!["annotations"] = annotations = [];
            annotations[name] = value;
        });
    }
}
