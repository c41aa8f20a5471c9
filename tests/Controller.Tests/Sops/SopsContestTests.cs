using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>A Secret of a SopsSecret that somebody else writes, too, each time that it was put right: as of a SealedSecret.</summary>
public sealed class SopsContestTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Secret_that_is_written_against_is_put_right_less_and_less_often_and_the_condition_names_it_and_the_writer()
    {
        await using var stage = await Stage.SetAsync();
        var (time, controller, putOff) = await StartAsync(stage);
        await ContestTests.WriteAgainstAsync(stage);
        await stage.SecretAsync("db", "a", "1"); // at once: the clock stands still
        var before = putOff();
        await ContestTests.WriteAgainstAsync(stage);
        await Eventually.TrueAsync(() => putOff() > before, "the pass that is put off");
        Assert.Equal("hacked", Stage.Item(await stage.SecretAsync("db"), "a"));
        Assert.Equal(2, controller.Sops.Decryptions);

        var contest = ReadyAsync(stage, "False", "the Secret \"db\" was changed by the field manager \"rival\" each time that it was put right");
        await ContestTests.WriteAgainstUntilAsync(stage, time, contest);
        var contested = await contest;
        Assert.Equal(("Child secret update error", "False"), (contested.Status!.Message, SopsStage.Condition(contested, "Stalled")!.Status));
        await stage.EventAsync("shop", "db", SopsReason.WriteFailed, "by the field manager \"rival\"");

        var quiet = ReadyAsync(stage, "True", "2 Secrets are as declared");
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(1), () => quiet.IsCompleted, "the word that it is quiet");
        await quiet;
        await ContestTests.WriteAgainstAsync(stage);
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_again_and_again_comes_back_less_and_less_often()
    {
        await using var stage = await Stage.SetAsync();
        var (time, controller, _) = await StartAsync(stage);
        var contest = ReadyAsync(stage, "False", "the Secret \"db\" was deleted each time that it came back");
        await ContestTests.DeleteUntilAsync(stage, time, contest, () => controller.Sops.IsIdle);
        await contest;
        var next = await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: \"2\"}}");
        await stage.Kube.PatchAsync(Untyped, Stage.Key("db"), new JsonObject { ["spec"] = next["spec"]!.DeepClone(), ["sops"] = next["sops"]!.DeepClone() }, Ending);
        await stage.SecretAsync("db", "a", "2"); // an edit of the SopsSecret waits for nothing
        await ReadyAsync(stage, "True", "1 Secret is as declared");
    }

    private static KubeKind<JsonObject> Untyped => KubeKind.Untyped(SopsSecretKind.Instance.Resource);

    /// <returns>When the Secrets were made: a clock that stands still, the controller, and how many passes are to be made once more later.</returns>
    private static async Task<(FakeTimeProvider Time, ControllerProcess Controller, Func<int> PutOff)> StartAsync(Stage stage)
    {
        await stage.CreateSecretAsync("sops-keys", null, ("age.agekey", SopsFiles.Key("age-a")));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var putOff = 0;
        var controller = stage.Build(time, built => built.Sops.Worked += work => Interlocked.Add(ref putOff, work.Outcome == WorkOutcome.Requeued ? 1 : 0));
        var source = await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: \"1\"}}\n        - {name: other, stringData: {b: x}}");
        source["metadata"]!["namespace"] = Stage.Namespace;
        await stage.Kube.CreateAsync(Untyped, source, Ending);
        await ReadyAsync(stage, "True", "2 Secrets are as declared");
        return (time, controller, () => Volatile.Read(ref putOff));
    }

    private static Task<SopsSecret> ReadyAsync(Stage stage, string status, string message) => stage.UntilAsync(SopsSecretKind.Instance, Stage.Namespace, all => all.FirstOrDefault(found =>
        found.Status?.ObservedGeneration == found.Metadata.Generation
        && SopsStage.Condition(found, "Ready") is { Message: { } told } ready && ready.Status == status && told.Contains(message, StringComparison.Ordinal)));
}
