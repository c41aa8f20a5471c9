using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>The controller as a process of its own, told only what a pod would be told.</summary>
internal sealed class ControllerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly StringBuilder log = new();

    private ControllerProcess(Process process, Uri address, Uri metrics)
    {
        this.process = process;
        Address = address;
        Metrics = metrics;
    }

    public Uri Address { get; }

    public Uri Metrics { get; }

    /// <summary>Everything it has written; holds no secret, which a test checks.</summary>
    public string Log
    {
        get { lock (log) return log.ToString(); }
    }

    /// <summary>The published executable that <c>CONTROLLER_BIN</c> names, which is what the image holds; else what the tests were built with.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("CONTROLLER_BIN") is { Length: > 0 } published ? published : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "GitOpsSecrets.Controller.exe" : "GitOpsSecrets.Controller");

    public static async Task<ControllerProcess> StartAsync(string kubeconfig, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (http, metrics) = (FreePort(), FreePort());
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments.Concat(["--kubeconfig", kubeconfig, "--listen-addr", $"127.0.0.1:{http}", "--listen-metrics-addr", $"127.0.0.1:{metrics}"]))
            start.ArgumentList.Add(argument);
        start.Environment["POD_NAMESPACE"] = "kube-system";
        start.Environment["POD_NAME"] = $"controller-{http}";
        var running = new ControllerProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{http}/"), new Uri($"http://127.0.0.1:{metrics}/"));
        running.Collect();
        try
        {
            await running.ReadyAsync(cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the program says when it is only asked something.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> AskAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Asks it to stop, as a kubelet does, and gives its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Collect()
    {
        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (log) log.AppendLine(line.Data);
        }
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (!process.HasExited)
        {
            try
            {
                // The certificate is there once the keys are read, and on a first start made: later than /healthz.
                using var answer = await http.GetAsync("v1/cert.pem", deadline.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) { }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"the controller was not ready in {Patience}:\n{Log}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
        throw new InvalidOperationException($"the controller ended with {process.ExitCode}:\n{Log}");
    }
}
