using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary><c>spec.syncWindows</c> in a controller that runs: from six in the morning, in virtual time.</summary>
public sealed class SyncWindowTests
{
    private const string Noon = "{kind: allow, windows: [{schedule: '0 12 * * *', duration: 1h}]}";
    private const string NotInTheMorning = "{kind: deny, windows: [{schedule: '0 8 * * *', duration: 4h}]}";

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Midnight = new(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Midnight.AddHours(6));

    [Fact]
    public async Task Nothing_is_asked_or_written_until_the_window_opens_and_then_it_syncs_day_after_day()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        // What is new does not wait for a window.
        await SyncedAsync(stage, controller, Noon, "2h");

        stage.Provider.Values["k"] = "2";
        await NothingHappensAsync(stage, controller, until: Midnight.AddHours(12) - Step);
        await RefreshedAsync(stage, controller, Midnight.AddHours(12), "2");

        // Two hours later the window is closed.
        stage.Provider.Values["k"] = "3";
        await NothingHappensAsync(stage, controller, until: Midnight.AddHours(36) - Step);
        await RefreshedAsync(stage, controller, Midnight.AddHours(36), "3");
    }

    [Fact]
    public async Task While_a_window_denies_it_nothing_is_asked_or_written_and_it_syncs_when_that_is_over()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        await SyncedAsync(stage, controller, NotInTheMorning, "1h");
        stage.Provider.Values["k"] = "2";
        stage.Provider.Calls.Clear();
        await PassAsync(controller, Midnight.AddHours(7) - Step - Step);
        await RefreshedAsync(stage, controller, Midnight.AddHours(7) - Step, "2");
        await PassAsync(controller, Midnight.AddHours(8));

        stage.Provider.Values["k"] = "3";
        await NothingHappensAsync(stage, controller, until: Midnight.AddHours(12) - Step);
        await RefreshedAsync(stage, controller, Midnight.AddHours(12), "3");
    }

    [Fact]
    public async Task A_closed_window_outlives_a_restart_and_holds_back_no_edit_and_no_drift()
    {
        await using var stage = await ExternalStage.SetAsync();
        var first = await stage.BeginAsync(time);
        await SyncedAsync(stage, first, Noon, "1h");
        stage.Provider.Values["k"] = "2";
        await NothingHappensAsync(stage, first, until: Midnight.AddHours(8));
        await stage.StopAsync(first);

        var looked = Task.CompletedTask;
        var second = stage.Build(time, built => looked = ExternalStage.PassesAsync(built, 1));
        await looked;
        NothingHappened(stage);
        await NothingHappensAsync(stage, second, until: Midnight.AddHours(10));

        await stage.PatchSecretAsync("db", """{"data":{"a":"ZWRpdGVk"}}""");
        await stage.SecretAsync("db", "a", "2");
        stage.Provider.Values["k"] = "3";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        await ShownAsync(second, await stage.SecretAsync("db", "a", "3"));
        await stage.SourceAsync("db", source => source.Status!.SyncedResourceVersion == ExternalView.VersionOf(source));

        stage.Provider.Values["k"] = "4";
        stage.Provider.Calls.Clear();
        await PassAsync(second, Midnight.AddHours(12) - Step);
        await RefreshedAsync(stage, second, Midnight.AddHours(12), "4");
    }

    /// <summary>The first value is there, and all that is told of it.</summary>
    private static async Task SyncedAsync(ExternalStage stage, ControllerProcess controller, string windows, string interval)
    {
        stage.Provider.Values["k"] = "1";
        await stage.ExternalAsync("db", "{}", $"{interval}\n  syncWindows: {windows}", ("a", "k"));
        await ShownAsync(controller, await stage.SecretAsync("db", "a", "1"));
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
    }

    /// <summary>A watch that does not show for minutes what was written would be taken to have lost it.</summary>
    private static Task ShownAsync(ControllerProcess controller, Secret secret) =>
        Eventually.TrueAsync(() => controller.External!.Shows(ExternalStage.Key("db"), secret.Metadata.ResourceVersion), "the controller sees the Secret");

    /// <summary>Until then; and what comes after is counted from there.</summary>
    private async Task NothingHappensAsync(ExternalStage stage, ControllerProcess controller, DateTimeOffset until)
    {
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        stage.Provider.Calls.Clear();
        stage.Cluster.Requests.Clear();
        await PassAsync(controller, until);
        NothingHappened(stage);
    }

    private static void NothingHappened(ExternalStage stage)
    {
        Assert.Empty(stage.Provider.Calls);
        Assert.DoesNotContain(stage.Cluster.Requests.All(), request => request.IsWrite && request.Namespace == ExternalStage.Namespace);
    }

    private Task PassAsync(ControllerProcess controller, DateTimeOffset until) => ExternalStage.PassAsync(time, controller, Step, () => time.GetUtcNow() >= until);

    /// <summary>By one call, at that time or a step later; and all is told of it when time goes on.</summary>
    private async Task RefreshedAsync(ExternalStage stage, ControllerProcess controller, DateTimeOffset at, string value)
    {
        var told = await stage.EventsAsync("db", "Updated");
        await ExternalStage.PassAsync(time, controller, Step, () => !stage.Provider.Calls.IsEmpty || time.GetUtcNow() >= at + Step);
        await ShownAsync(controller, await stage.SecretAsync("db", "a", value));
        var refreshed = await stage.SourceAsync("db", source => ExternalStatus.Parse(source.Status?.RefreshTime) >= at);
        Assert.InRange(ExternalStatus.Parse(refreshed.Status!.RefreshTime)!.Value, at, at + Step);
        Assert.Equal(["k"], stage.Provider.Calls);
        await stage.EventsAsync("db", "Updated", told + 1);
    }
}
