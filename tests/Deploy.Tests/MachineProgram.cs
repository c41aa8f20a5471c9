using System.Diagnostics;

namespace GitOpsSecrets.Deploy.Tests;

/// <summary>A program that the machine may have on its PATH. Tests that need it are skipped where there is none.</summary>
internal sealed class MachineProgram(string name)
{
    private readonly string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)).FirstOrDefault(File.Exists);

    /// <returns>What it wrote to standard output, also when it failed: programs that judge say there what they found.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(path is null, $"{name} is not on the PATH");
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    /// <returns>What it wrote to standard output.</returns>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, output);
        return output;
    }
}
