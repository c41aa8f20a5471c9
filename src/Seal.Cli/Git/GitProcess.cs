using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace GitOpsSecrets.Seal.Cli.Git;

/// <summary>Runs git. Its variables (GIT_DIR, GIT_INDEX_FILE, which hooks get) reach it as they are.</summary>
internal static class GitProcess
{
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">After <c>git</c>; never made of options that users gave.</param>
    /// <exception cref="CommandException">git is not installed.</exception>
    public static Process Start(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new CommandException("git is needed for this, and cannot be started", failure);
        }
    }

    /// <summary>What git printed, and whether it succeeded.</summary>
    public static async Task<(bool Succeeded, byte[] Output, string Error)> RunAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(folder, arguments);
        using var output = new MemoryStream();
        // Both streams at once: git waits for whoever does not read.
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
        process.StandardInput.Close();
        await copied;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode == 0, output.ToArray(), (await error).Trim());
    }

    /// <summary>What git printed, split at zero bytes.</summary>
    /// <exception cref="CommandException">git failed; its words are passed on.</exception>
    public static async Task<IReadOnlyList<string>> ListAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (succeeded, output, error) = await RunAsync(folder, arguments, cancellationToken);
        if (!succeeded) throw new CommandException($"git {arguments[0]}: {error}");
        return Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
