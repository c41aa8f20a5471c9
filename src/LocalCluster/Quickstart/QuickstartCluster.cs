using GitOpsSecrets.Controller;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>
/// The API server with what <c>deploy/</c> installs, and the controller as a user would start it: with its service account's token
/// and the rights of its role, reached through its Service.
/// </summary>
internal sealed class QuickstartCluster : IAsyncDisposable
{
    public const string ControllerNamespace = "kube-system";
    public const string ControllerName = "sealed-secrets-controller";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(7);
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(100);
    private readonly LocalApiServer server;
    private readonly StreamWriter log;
    private readonly ControllerProcess controller;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private QuickstartCluster(LocalApiServer server, StreamWriter log, ControllerProcess controller, string kubeconfigPath, string logPath)
    {
        this.server = server;
        this.log = log;
        this.controller = controller;
        KubeconfigPath = kubeconfigPath;
        LogPath = logPath;
        Client = new ClusterClient(server);
        running = controller.RunAsync(stopping.Token);
    }

    public Uri Address => server.Address;

    public string KubeconfigPath { get; }

    public string LogPath { get; }

    public ClusterClient Client { get; }

    /// <exception cref="QuickstartException">The controller does not come up, or the directory cannot be written to.</exception>
    public static async Task<QuickstartCluster> StartAsync(QuickstartArguments arguments, CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(arguments.Directory);
        LocalApiServer? server = null;
        try
        {
            Directory.CreateDirectory(directory);
            server = await LocalApiServer.StartAsync(new LocalApiServerOptions { Port = arguments.Port, Manifests = DeployManifests.All() }, cancellationToken);
            return await StartAsync(server, arguments, directory, cancellationToken);
        }
        catch (UnauthorizedAccessException failure)
        {
            if (server is not null) await server.DisposeAsync();
            throw new QuickstartException($"--directory {directory} cannot be written to ({failure.Message}); name another");
        }
    }

    private static async Task<QuickstartCluster> StartAsync(LocalApiServer server, QuickstartArguments arguments, string directory, CancellationToken cancellationToken)
    {
        var kubeconfig = server.WriteKubeconfig(Path.Combine(directory, "kubeconfig"));
        var token = server.CreateServiceAccountToken(ControllerNamespace, ControllerName, TokenLifetime);
        var ofController = Path.Combine(directory, "controller.kubeconfig");
        KubeconfigFile.Write(ofController, server.KubeconfigForToken(token));
        var logPath = Path.Combine(directory, "controller.log");
        var log = new StreamWriter(logPath) { AutoFlush = true };
        var surroundings = new ControllerSurroundings
        {
            Environment = new Dictionary<string, string> { ["POD_NAMESPACE"] = ControllerNamespace },
            Output = log,
            Error = log,
        };
        string[] flags = [$"--kubeconfig={ofController}", "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0", $"--key-size={arguments.KeySize}"];
        var cluster = new QuickstartCluster(server, log, ControllerHost.Build(flags, surroundings), kubeconfig, logPath);
        try
        {
            await cluster.WaitUntilReadyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when cancelled.</summary>
    /// <exception cref="QuickstartException">The controller stopped by itself.</exception>
    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        throw new QuickstartException($"the controller stopped; {LogPath} has its log");
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await controller.DisposeAsync();
        Client.Dispose();
        await server.DisposeAsync();
        await log.DisposeAsync();
        stopping.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(running, controller.Listening).WaitAsync(cancellationToken);
        if (controller.ApiAddress is not { } address) throw new QuickstartException($"the controller does not start; {LogPath} has its log");
        server.MapServiceProxy(ControllerNamespace, ControllerName, address);
        using var http = new HttpClient { BaseAddress = address };
        // As a kubelet would ask: on a first start there is no certificate before the first key is made.
        while (!running.IsCompleted)
        {
            using var answer = await http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(ReadyPoll, TimeProvider.System, cancellationToken);
        }
        throw new QuickstartException($"the controller does not start; {LogPath} has its log");
    }
}
