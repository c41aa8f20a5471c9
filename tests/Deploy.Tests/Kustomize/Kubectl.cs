using System.ComponentModel;
using System.Diagnostics;

namespace GitOpsSecrets.Deploy.Tests.Kustomize;

/// <summary>The kubectl of the machine. Tests that need it are skipped where there is none.</summary>
internal static class Kubectl
{
    private static readonly Lazy<bool> Present = new(() =>
    {
        try
        {
            return Run(["version", "--client"]).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    public static void Require() => Assert.SkipUnless(Present.Value, "kubectl is not on the PATH");

    /// <returns>What it wrote to standard output.</returns>
    public static string Succeed(params IReadOnlyList<string> arguments)
    {
        var (exitCode, output, error) = Run(arguments);
        Assert.True(exitCode == 0, $"kubectl {string.Join(' ', arguments)}: {exitCode}: {error}");
        return output;
    }

    public static (int ExitCode, string Output, string Error) Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
