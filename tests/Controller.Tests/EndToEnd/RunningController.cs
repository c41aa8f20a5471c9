using GitOpsSecrets.Controller.Tests.Runtime;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A controller on a stage whose two streams are told apart, and which can be asked to stop without waiting for its end.</summary>
internal sealed class RunningController : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly SharedLog output = new();
    private readonly SharedLog error = new();
    private readonly Task running;

    private RunningController(Stage stage, TimeProvider time, string[] flags)
    {
        string[] standard =
        [
            "--kubeconfig", stage.Cluster.KubeconfigPath, "--namespace", Stage.KeyNamespace, "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
            "--key-size=2048", "--key-renew-period=0", "--leader-elect=false", "--workers=2",
        ];
        Process = ControllerHost.Build([.. standard, .. flags], new ControllerSurroundings
        {
            Time = time,
            Environment = new Dictionary<string, string>(),
            Output = output,
            Error = error,
        });
        running = Task.Run(() => Process.RunAsync(stop.Token), CancellationToken.None);
    }

    public ControllerProcess Process { get; }

    public IReadOnlyList<string> Output => Lines(output);

    public IReadOnlyList<string> Error => Lines(error);

    public static async Task<RunningController> StartAsync(Stage stage, TimeProvider time, params string[] flags)
    {
        var started = new RunningController(stage, time, flags);
        await started.Process.Ready.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken);
        return started;
    }

    /// <summary>Asks it to stop; all that waits for that has heard it, and its limits run, when this is done.</summary>
    /// <returns>Completes when it has ended.</returns>
    public async Task<Task> AskToStopAsync()
    {
        await stop.CancelAsync();
        return running.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await Process.DisposeAsync();
        stop.Dispose();
    }

    private static string[] Lines(StringWriter log) => log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
