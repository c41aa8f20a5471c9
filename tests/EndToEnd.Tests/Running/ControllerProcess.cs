using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>The controller as a process of its own, told only what a pod would be told.</summary>
internal sealed partial class ControllerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly StringBuilder log = new();

    private ControllerProcess(Process process) => this.process = process;

    public Uri Address { get; private set; } = null!;

    public Uri Metrics { get; private set; } = null!;

    /// <summary>Everything it has written; holds no secret, which a test checks.</summary>
    public string Log
    {
        get { lock (log) return log.ToString(); }
    }

    /// <summary>The published executable that <c>CONTROLLER_BIN</c> names, which is what the image holds; else what the tests were built with.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("CONTROLLER_BIN") is { Length: > 0 } published ? published : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "GitOpsSecrets.Controller.exe" : "GitOpsSecrets.Controller");

    /// <summary>One that has the keys.</summary>
    public static async Task<ControllerProcess> StartAsync(string kubeconfig, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var running = Begin(kubeconfig, arguments, environment);
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

    /// <summary>One that may never get anywhere.</summary>
    public static ControllerProcess Begin(string kubeconfig, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments.Concat(["--kubeconfig", kubeconfig, "--listen-addr", "127.0.0.1:0", "--listen-metrics-addr", "127.0.0.1:0"]))
            start.ArgumentList.Add(argument);
        start.Environment["POD_NAMESPACE"] = "kube-system";
        start.Environment["POD_NAME"] = $"controller-{Guid.NewGuid():n}";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var running = new ControllerProcess(Process.Start(start)!);
        running.Collect();
        return running;
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
        using var http = new HttpClient();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (!process.HasExited)
        {
            try
            {
                if (Listens() && await HasCertificateAsync(http, deadline.Token)) return;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
            catch (HttpRequestException) { }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"the controller was not ready in {Patience}:\n{Log}");
            }
        }
        throw new InvalidOperationException($"the controller ended with {process.ExitCode}:\n{Log}");
    }

    /// <summary>It takes the ports that the system gives it, and says which.</summary>
    private bool Listens()
    {
        var listening = ListeningLine().Match(Log);
        if (!listening.Success) return false;
        (Address, Metrics) = (new Uri(listening.Groups[1].Value), new Uri(listening.Groups[2].Value));
        return true;
    }

    /// <summary>It is there once the keys are read, and on a first start made: later than /healthz.</summary>
    private async Task<bool> HasCertificateAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(Address, "v1/cert.pem"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    [GeneratedRegex(@"listening on (http://[^\s,""]+), metrics on (http://[^\s,""]+)")]
    private static partial Regex ListeningLine();
}
