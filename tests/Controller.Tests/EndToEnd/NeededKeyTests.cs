using System.Text.RegularExpressions;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Which keys are needed, and what happens when one is gone that is.</summary>
public sealed class NeededKeyTests
{
    private const string Relabelled = """{"metadata":{"labels":{"sealedsecrets.bitnami.com/sealed-secrets-key":"compromised"}}}""";
    private const string Active = """{"metadata":{"labels":{"sealedsecrets.bitnami.com/sealed-secrets-key":"active"}}}""";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_knows_which_key_opens_what(bool originalDefinition)
    {
        await using var stage = await StageAsync(originalDefinition);
        await stage.StopAsync(await SyncedAsync(stage, "db"));
        await MetricsAsync(await stage.StartAsync(), objects: 1, unaccounted: 0);
    }

    /// <summary>As the versions before left it, which noted no keys under the original's definition.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_does_not_say_what_opens_it_is_counted_apart_and_found_out_later_without_a_write_of_its_Secret(bool originalDefinition)
    {
        await using var stage = await StageAsync(originalDefinition);
        await stage.StopAsync(await SyncedAsync(stage, "db"));
        await ForgetKeysAsync(stage, "db");
        var before = await stage.SecretAsync("db");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var passes = Task.CompletedTask;
        var controller = stage.Build(time, built => passes = Stage.PassesAsync(built, 1));
        await passes;
        await MetricsAsync(controller, objects: 0, unaccounted: 1);

        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(1), () => Measure(controller).Result == (1, 0), "a look at what opens it");
        Assert.Equal(before.Metadata.ResourceVersion, (await stage.SecretAsync("db")).Metadata.ResourceVersion);
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task What_fails_and_what_cannot_be_listed_is_not_accounted_for()
    {
        await using var stage = await StageAsync();
        var controller = await SyncedAsync(stage, "db");
        await stage.ApplyAsync(TestKeys.Seal("three", "shop", "bad", ("a", "1")));
        await stage.SyncedAsync("bad", "False");
        await MetricsAsync(controller, objects: 1, unaccounted: 1);
        await stage.StopAsync(controller);
        using var fault = stage.Faults.Answer(403, new LocalCluster.FaultMatch("list", "sealedsecrets", "/namespaces/bare/"));
        await MetricsAsync(await stage.StartAsync("--additional-namespaces=shop,bare"), objects: 1, unaccounted: 2);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task What_needs_a_key_that_is_gone_fails_and_keeps_its_Secret_until_the_key_is_back(bool whileRunning, bool originalDefinition)
    {
        await using var stage = await StageAsync(originalDefinition);
        await stage.PutKeyAsync("two");
        var controller = await SyncedAsync(stage, "db");
        if (!whileRunning) await stage.StopAsync(controller);
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-one"), Relabelled);
        if (!whileRunning) await stage.StartAsync();
        await stage.SyncedAsync("db", "False", $"it was opened before with {TestKeys.Key("one").Fingerprint}, which is no longer among the sealing keys");
        Assert.Equal("1", Stage.Item(await stage.Kube.GetAsync(ClusterKinds.Secrets, Stage.Key("db"), Ending), "a"));
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-one"), Active);
        await stage.SyncedAsync("db", "True");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_still_names_the_key_that_what_failed_already_lacks(bool originalDefinition)
    {
        await using var stage = await StageAsync(originalDefinition);
        await stage.PutKeyAsync("two");
        var controller = await SyncedAsync(stage, "db");
        await stage.PatchSecretAsync(new(Stage.KeyNamespace, "key-one"), Relabelled);
        var named = $"it was opened before with {TestKeys.Key("one").Fingerprint}";
        await stage.SyncedAsync("db", "False", named);
        await stage.StopAsync(controller);
        var pass = Task.CompletedTask;
        stage.Build(TimeProvider.System, built => pass = Stage.PassesAsync(built, 1));
        await pass;
        await stage.SyncedAsync("db", "False", named);
    }

    private static async Task<Stage> StageAsync(bool originalDefinition = false)
    {
        var stage = await Stage.SetAsync(originalDefinition ? HealingTests.OriginalDefinition : null);
        await stage.PutKeyAsync("one");
        return stage;
    }

    private static async Task<ControllerProcess> SyncedAsync(Stage stage, string name)
    {
        var controller = await stage.StartAsync();
        await stage.ApplyAsync(name, ("a", "1"));
        await stage.SealedAsync(name, source => SealedStatus.IsSynced(source.Status) && ObservedNote.Of(source.Status).Mark is not null);
        return controller;
    }

    private static async Task ForgetKeysAsync(Stage stage, string name)
    {
        var source = await stage.Kube.GetAsync(SealedSecretKind.Instance, Stage.Key(name), Ending);
        var conditions = source.Status!.Conditions!.Select(condition => condition.Type == SealedSecretNote.ConditionType ? condition with { Message = SealedSecretNote.Parse(condition.Message).Hash } : condition);
        await stage.Kube.UpdateStatusAsync(SealedSecretKind.Instance, source with { Status = source.Status with { SealingKeys = null, Conditions = [.. conditions] } }, Ending);
    }

    private static Task MetricsAsync(ControllerProcess controller, int objects, int unaccounted) =>
        Eventually.TrueAsync(() => Measure(controller).Result == (objects, unaccounted), $"{objects} objects of the key and {unaccounted} not accounted for");

    private static async Task<(int Objects, int Unaccounted)> Measure(ControllerProcess controller)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), Ending);
        return (Value($"sealing_key_objects{{fingerprint=\"{TestKeys.Key("one").Fingerprint}\"}}"), Value("sealing_key_objects_unaccounted"));

        int Value(string series) => int.Parse(Regex.Match(text, $"^sealed_secrets_controller_{Regex.Escape(series)} (.+)$", RegexOptions.Multiline).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
