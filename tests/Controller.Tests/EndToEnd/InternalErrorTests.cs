using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Sealing;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A mistake of ours in the middle of a pass: told by its type, in the condition, the event and the counter; and tried again.</summary>
public sealed class InternalErrorTests
{
    private const string Told = "internal error (NullReferenceException)";

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly Metrics metrics = new("test");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_a_SealedSecret()
    {
        await using var stage = await Stage.SetAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        var (ledger, events) = (new WriteLedger(Time), Events(stage));
        var caches = new SealedCaches(stage.Kube, ledger, new ControllerOptions(), Time, NullLogger.Instance);
        var report = new SealedReport(stage.Kube, events, ledger, metrics, updateStatus: true, Notifier(), Time, NullLogger.Instance);
        // Without keys, the first look at them is a mistake.
        var reconciler = new SealedReconciler(stage.Kube, caches, null!, Writer(stage), new WorkloadRestarter(stage.Kube, events, Time), report, ledger, UnsealOptions.Default, deletesSecrets: false, metrics, () => 0);
        await WithAsync([caches.RunAsync, events.RunAsync], caches.WaitForSyncAsync, async () =>
        {
            await Assert.ThrowsAsync<SealedFailedException>(() => reconciler.ReconcileAsync(new NamespacedName(Stage.Namespace, "db"), Ending));
            var found = await stage.SyncedAsync("db", "False");
            var (synced, ready) = (found.Status!.Conditions![0], found.Status.Conditions.Single(condition => condition.Type == "Ready"));
            Assert.Equal(("ErrUnsealFailed", "False"), (synced.Reason, ready.Status));
            Assert.StartsWith(Told, synced.Message, StringComparison.Ordinal);
            await stage.EventAsync(Stage.Namespace, "db", "ErrUnsealFailed", "Failed to unseal: " + Told);
            Assert.Equal(1, metrics.UnsealErrors.WithLabels("unseal", Stage.Namespace).Value);
        });
    }

    [Fact]
    public async Task Over_a_SopsSecret()
    {
        await using var stage = await Stage.SetAsync();
        var untyped = KubeKind.Untyped(SopsSecretKind.Instance.Resource);
        await stage.Kube.CreateAsync(untyped, JsonNode.Parse("""{"apiVersion":"isindir.github.com/v1alpha3","kind":"SopsSecret","metadata":{"name":"db","namespace":"shop"},"spec":{"secretTemplates":[]},"sops":{"mac":"x"}}""")!.AsObject(), Ending);
        var (ledger, events) = (new SopsLedger(Time), Events(stage));
        var caches = new SopsCaches(stage.Kube, [], ledger, new ControllerOptions(), Time, NullLogger.Instance);
        var report = new SopsReport(stage.Kube, events, ledger, metrics, updateStatus: true, Notifier(), Time, NullLogger.Instance);
        // Without what opens it, the first look at it is a mistake.
        var reconciler = new SopsReconciler(caches, null!, null!, Writer(stage), null!, new WorkloadRestarter(stage.Kube, events, Time), report, ledger, takesOver: false, metrics);
        await WithAsync([caches.RunAsync, events.RunAsync], caches.WaitForSyncAsync, async () =>
        {
            await Assert.ThrowsAsync<SopsFailedException>(() => reconciler.ReconcileAsync(new NamespacedName(Stage.Namespace, "db"), Ending));
            var found = await stage.Kube.GetAsync(SopsSecretKind.Instance, new NamespacedName(Stage.Namespace, "db"), Ending);
            var ready = found.Status!.Conditions!.Single(condition => condition.Type == "Ready");
            Assert.Equal(("False", "InternalError", "Decryption error"), (ready.Status, ready.Reason, found.Status.Message));
            Assert.StartsWith(Told, ready.Message, StringComparison.Ordinal);
            await stage.EventAsync(Stage.Namespace, "db", "InternalError", Told);
            Assert.Equal(1, metrics.SopsErrors.WithLabels("InternalError", Stage.Namespace).Value);
        });
    }

    private static EventRecorder Events(Stage stage) => new(stage.Kube, new EventRecorderOptions { Capacity = 10 }, Time, NullLogger.Instance);

    private SecretWriter Writer(Stage stage) => new(stage.Kube, metrics);

    private Notifier Notifier() => new(new NotificationOptions(), metrics, Time, NullLogger.Instance);

    private static async Task WithAsync(Func<CancellationToken, Task>[] machinery, Func<CancellationToken, Task> filled, Func<Task> act)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var running = Task.WhenAll(machinery.Select(run => run(stop.Token)));
        await filled(Ending);
        await act();
        await stop.CancelAsync();
        await running;
    }
}
