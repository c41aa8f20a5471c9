using System.Diagnostics;

namespace GitOpsSecrets.TestClusters;

/// <summary>A server program of the tests, its output in a file; killed on dispose and, at the latest, when this process ends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int TailLines = 15;
    private readonly Process process;
    private readonly StreamWriter log;
    private readonly string logPath;
    private readonly Lock gate = new();

    private ServerProcess(Process process, string logPath)
    {
        this.process = process;
        this.logPath = logPath;
        log = new StreamWriter(new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public string Name => Path.GetFileName(process.StartInfo.FileName);

    public bool HasExited => process.HasExited;

    public static ServerProcess Start(string program, IEnumerable<string> flags, string logPath)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var flag in flags) start.ArgumentList.Add(flag);

        var server = new ServerProcess(new Process { StartInfo = start }, logPath);
        server.process.OutputDataReceived += (_, line) => server.Write(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Write(line.Data);
        server.process.Start();
        server.process.StandardInput.Close();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        return server;
    }

    public string LogTail()
    {
        using var reader = new StreamReader(new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(TailLines));
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        lock (gate) log.Dispose();
    }

    private void Write(string? line)
    {
        lock (gate)
        {
            if (line is not null && log.BaseStream is { CanWrite: true }) log.WriteLine(line);
        }
    }

    private void OnExit(object? sender, EventArgs e)
    {
        if (!process.HasExited) process.Kill();
    }
}
