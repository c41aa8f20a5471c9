using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A target of an ExternalSecret that somebody else writes, too, each time that it was put right: as of a SealedSecret.</summary>
public sealed class ExternalContestTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Secret")]
    [InlineData("ConfigMap")]
    public async Task A_target_that_is_written_against_is_put_right_less_and_less_often_and_the_condition_names_the_writer(string kind)
    {
        await using var stage = await ExternalStage.SetAsync();
        var (time, controller) = await StartAsync(stage, kind);
        await WriteAgainstAsync(stage, kind);
        await Eventually.TrueAsync(() => controller.External!.IsIdle && ItemAsync(stage, kind).Result == "1", "its repair, at once: the clock stands still");
        await WriteAgainstAsync(stage, kind);
        await RestAsync(stage, controller, kind);
        Assert.Equal("hacked", await ItemAsync(stage, kind));

        var contest = stage.ReadyAsync("db", "False", $"could not update secret: the {kind} \"db\" was changed by the field manager \"rival\" each time that it was put right");
        await UntilToldAsync(stage, time, controller, kind, contest, () => WriteAgainstAsync(stage, kind));
        var contested = await contest;
        Assert.Equal(["Ready", "Reconciling"], contested.Status!.Conditions!.Select(condition => condition.Type));
        await RightAsync(stage, time, controller, kind);

        var quiet = stage.ReadyAsync("db", "True", "secret synced");
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(10), () => quiet.IsCompleted);
        Assert.Equal(["Ready"], (await quiet).Status!.Conditions!.Select(condition => condition.Type));
        Assert.Equal(["k"], stage.Provider.Calls);
        await WriteAgainstAsync(stage, kind);
        await Eventually.TrueAsync(() => ItemAsync(stage, kind).Result == "1", "its repair, at once");
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_again_and_again_comes_back_less_and_less_often_and_an_edit_waits_for_nothing()
    {
        await using var stage = await ExternalStage.SetAsync();
        var (time, controller) = await StartAsync(stage, "Secret");
        var contest = stage.ReadyAsync("db", "False", "the Secret \"db\" was deleted each time that it came back");
        await UntilToldAsync(stage, time, controller, "Secret", contest, () => stage.DeleteSecretAsync("db"));
        await contest;
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        await stage.SecretAsync("db", "a", "2");
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task A_restart_finds_that_it_is_quiet_without_a_call_or_a_write()
    {
        await using var stage = await ExternalStage.SetAsync();
        var (time, controller) = await StartAsync(stage, "Secret");
        var contest = stage.ReadyAsync("db", "False", "by the field manager \"rival\"");
        await UntilToldAsync(stage, time, controller, "Secret", contest, () => WriteAgainstAsync(stage, "Secret"));
        await contest;
        await RightAsync(stage, time, controller, "Secret");
        var before = await stage.SecretAsync("db");
        await stage.StopAsync(controller);
        await stage.StartAsync(time);
        await stage.ReadyAsync("db", "True", "secret synced");
        Assert.Equal(before.Metadata.ResourceVersion, (await stage.SecretAsync("db")).Metadata.ResourceVersion);
        Assert.Equal(["k"], stage.Provider.Calls);
    }

    /// <returns>When the target was made: a clock that stands still, and the controller.</returns>
    private static async Task<(FakeTimeProvider Time, ControllerProcess Controller)> StartAsync(ExternalStage stage, string kind)
    {
        stage.Provider.Values["k"] = "1";
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = await stage.BeginAsync(time, "--unsafe-allow-generic-targets");
        await stage.ExternalAsync("db", kind == "Secret" ? "{}" : $"{{manifest: {{apiVersion: v1, kind: {kind}}}}}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(10), () => !stage.Provider.Calls.IsEmpty);
        return (time, controller);
    }

    private static async Task UntilToldAsync(ExternalStage stage, FakeTimeProvider time, ControllerProcess controller, string kind, Task<ExternalSecret> contest, Func<Task> writeAgainst)
    {
        while (!contest.IsCompleted)
        {
            await RightAsync(stage, time, controller, kind);
            await writeAgainst();
        }
    }

    /// <summary>Turns the clock by little until the target is right, and not on from there.</summary>
    private static async Task RightAsync(ExternalStage stage, FakeTimeProvider time, ControllerProcess controller, string kind)
    {
        await RestAsync(stage, controller, kind);
        while (await ItemAsync(stage, kind) != "1")
        {
            await Eventually.TurnedAsync(time, TimeSpan.FromMilliseconds(100));
            await RestAsync(stage, controller, kind);
        }
    }

    /// <summary>Waits until the controller has seen what there is, and done what it did about it: what is under way while the clock turns would time out.</summary>
    private static Task RestAsync(ExternalStage stage, ControllerProcess controller, string kind) => Eventually.TrueAsync(
        () => (kind != "Secret" || FindAsync(stage, kind).Result is not { } there || controller.External!.Shows(ExternalStage.Key("db"), there["metadata"]!["resourceVersion"]!.GetValue<string>())) && controller.External!.IsIdle, "rest");

    private static Task<JsonObject> WriteAgainstAsync(ExternalStage stage, string kind) => stage.Kube.PatchAsync(
        KindOf(kind), ExternalStage.Key("db"), new JsonObject { ["data"] = new JsonObject { ["a"] = kind == "Secret" ? Convert.ToBase64String("hacked"u8) : "hacked" } }, Ending, fieldManager: "rival");

    private static async Task<string?> ItemAsync(ExternalStage stage, string kind) =>
        (await FindAsync(stage, kind))?["data"]?["a"]?.GetValue<string>() is not { } text ? null : kind == "Secret" ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text;

    private static Task<JsonObject?> FindAsync(ExternalStage stage, string kind) => stage.Kube.FindAsync(KindOf(kind), ExternalStage.Key("db"), Ending);

    private static KubeKind<JsonObject> KindOf(string kind) => KubeKind.Untyped(new KubeResource("", "v1", kind == "Secret" ? "secrets" : "configmaps"));
}
