using System.Diagnostics;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Kubectl;

/// <summary>Runs <c>kubectl</c> against a cluster, in a directory of its own.</summary>
internal sealed class KubectlRunner(ITestCluster cluster, string ns) : IDisposable
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl")).FirstOrDefault(File.Exists);

    public const string Missing = "kubectl is not on PATH";

    public static bool IsAvailable => Program is not null;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("kubectl-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <returns>What it printed, both streams; fails the test unless it ends as expected.</returns>
    public Task<string> RunAsync(params string[] arguments) => RunAsync(0, arguments);

    public async Task<string> RunAsync(int exitCode, string[] arguments, string? editor = null)
    {
        using var process = Start(arguments, editor);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = await output + await error;
        Assert.True(exitCode == process.ExitCode, $"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
        return text;
    }

    public Process Start(string[] arguments, string? editor = null)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Directory };
        foreach (var argument in (string[])["--namespace", ns, "--cache-dir", Path.Combine(Directory, "cache"), .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["KUBECONFIG"] = cluster.KubeconfigPath;
        if (editor is not null) start.Environment["KUBE_EDITOR"] = editor;
        return Process.Start(start)!;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
