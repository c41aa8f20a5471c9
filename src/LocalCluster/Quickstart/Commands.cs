using System.ComponentModel;
using System.Diagnostics;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>Runs a program to its end, without the variables by which Git hands on a repository, and <c>seal</c> takes flags. Secrets go in through standard input, never as arguments.</summary>
internal static class Commands
{
    private static readonly string[] ForeignPrefixes = ["GIT_", "SEALED_SECRETS_"];

    /// <returns>Exit code, standard output, standard error.</returns>
    /// <exception cref="QuickstartException">There is no such program.</exception>
    public static async Task<CommandOutcome> RunAsync(
        string program, IEnumerable<string> arguments, string directory, string? input, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Within a hook of Git they name the repository of whoever runs us: what is done to ours would be done to that. And who uses Sealed Secrets has named another cluster's controller.
        foreach (var name in start.Environment.Keys.Where(name => ForeignPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList()) start.Environment.Remove(name);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Launch(start);
        try
        {
            var stdout = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var stderr = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return new CommandOutcome(process.ExitCode, await stdout, await stderr);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new QuickstartException($"cannot start {start.FileName}");
        }
        catch (Win32Exception)
        {
            throw new QuickstartException($"{start.FileName} is not there or cannot be started; install it and try again");
        }
    }
}
