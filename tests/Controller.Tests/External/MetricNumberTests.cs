using System.Collections.Concurrent;
using System.Globalization;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What the original's series count, number by number. Time stands still but where it is moved, so that what is counted is known.</summary>
public sealed class MetricNumberTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_an_ExternalSecret_every_pass_every_failure_the_last_one_s_nanoseconds_and_the_condition_are_counted()
    {
        await using var stage = await ExternalStage.SetAsync();
        var passes = new ConcurrentQueue<WorkObservation>();
        var controller = await StartAsync(stage, passes.Enqueue);
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        stage.Provider.Values["k"] = "v";
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        const string Labels = "name=\"db\",namespace=\"shop\"";
        await ShowsAsync(controller, "externalsecret", Labels, failures: 0, isReady: true, () => Of(passes).Count, () => (long)Of(passes)[^1].Took.TotalNanoseconds);

        // The value goes away, and the store takes three seconds to say so.
        stage.Provider.Values.Clear();
        var held = new TaskCompletionSource();
        stage.Provider.Hold = held.Task;
        stage.Provider.Calls.Clear();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await Eventually.TrueAsync(() => !stage.Provider.Calls.IsEmpty);
        time.Advance(TimeSpan.FromSeconds(3));
        held.SetResult();
        await stage.ReadyAsync("db", "False");
        await ShowsAsync(controller, "externalsecret", Labels, failures: 1, isReady: false, () => Of(passes).Count, () => 3_000_000_000);

        stage.Provider.Values["k"] = "v";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"2"}}}""");
        await stage.ReadyAsync("db", "True");
        await ShowsAsync(controller, "externalsecret", Labels, failures: 1, isReady: true, () => Of(passes).Count, () => 0);

        // And when it is gone nothing is told of it any more.
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, Ending);
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, controller, text => Assert.DoesNotContain("{" + Labels, text, StringComparison.Ordinal));

        static IReadOnlyList<WorkObservation> Of(IEnumerable<WorkObservation> passes) => [.. passes.Where(pass => pass.Key == ExternalStage.Key("db"))];
    }

    [Fact]
    public async Task Of_a_PushSecret_the_same()
    {
        await using var stage = await ExternalStage.SetAsync();
        // Else the PushSecret may be seen before it, and a pass is for nothing.
        await stage.CreateSecretAsync("source", ("key", "one"));
        var controller = await StartAsync(stage, _ => { }, "--enable-extended-metric-labels");
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: one}\nspec: {provider: {writable: {}}}");
        await stage.StoreReadyAsync("one", "True");
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push, labels: {app.kubernetes.io/part-of: shop}}
            spec:
              secretStoreRefs: [{name: one}]
              selector: {secret: {name: source}}
              data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}]
            """);
        const string Labels = "name=\"push\",namespace=\"shop\",app_kubernetes_io_name=\"\",app_kubernetes_io_instance=\"\",app_kubernetes_io_version=\"\",app_kubernetes_io_component=\"\",app_kubernetes_io_part_of=\"shop\",app_kubernetes_io_managed_by=\"\"";
        await ShowsAsync(controller, "pushsecret", Labels, failures: 0, isReady: true, () => 1, () => 0);

        stage.Writable.Broken = "one/";
        var held = new TaskCompletionSource();
        stage.Writable.Hold = held.Task;
        stage.Writable.Calls.Clear();
        await stage.PatchSecretAsync("source", """{"stringData":{"key":"two"}}""");
        await Eventually.TrueAsync(() => !stage.Writable.Calls.IsEmpty);
        time.Advance(TimeSpan.FromSeconds(2));
        held.SetResult();
        await ShowsAsync(controller, "pushsecret", Labels, failures: 1, isReady: false, () => 2, () => 2_000_000_000);

        stage.Writable.Broken = null;
        time.Advance(TimeSpan.FromSeconds(1));
        await ShowsAsync(controller, "pushsecret", Labels, failures: 1, isReady: true, () => 3, () => 0);
    }

    private async Task<ControllerProcess> StartAsync(ExternalStage stage, Action<WorkObservation> worked, params string[] flags)
    {
        var controller = stage.Build(time, process => process.External!.Worked += worked, flags);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        return controller;
    }

    private static async Task ShowsAsync(ControllerProcess controller, string prefix, string labels, int failures, bool isReady, Func<int> passes, Func<long> nanoseconds)
    {
        using var http = new HttpClient();
        await ExternalStage.UntilMetricsAsync(http, controller, text =>
        {
            Assert.Equal(
                (passes(), failures, nanoseconds(), isReady ? 1 : 0, isReady ? 0 : 1),
                (Value("sync_calls_total", ""), Value("sync_calls_error", ""), Value("reconcile_duration", ""), Value("status_condition", ",condition=\"Ready\",status=\"True\""), Value("status_condition", ",condition=\"Ready\",status=\"False\"")));

            long Value(string name, string more)
            {
                var series = $"{prefix}_{name}{{{labels}{more}}} ";
                var line = Assert.Single(text.Split('\n'), line => line.StartsWith(series, StringComparison.Ordinal));
                return long.Parse(line.AsSpan(series.Length), CultureInfo.InvariantCulture);
            }
        });
    }
}
