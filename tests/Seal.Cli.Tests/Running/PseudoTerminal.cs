using System.Diagnostics;
using System.Text;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>A program at a terminal of its own, made by <c>script</c> of util-linux, and somebody who types when he has read what he waits for.</summary>
internal static class PseudoTerminal
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="command">For a shell.</param>
    /// <param name="folder">Working folder, and home.</param>
    /// <param name="environment">Variables on top of a bare environment.</param>
    /// <param name="dialogue">What is waited for on the screen, and what is typed then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code, and all that the screen showed, with what the terminal echoed.</returns>
    public static async Task<(int ExitCode, string Screen)> RunAsync(
        string command, string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<(string Seen, string Typed)> dialogue, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "there is no script (util-linux) to make a terminal with");
        var start = new ProcessStartInfo("/usr/bin/script") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["-qefc", command, "/dev/null"]) start.ArgumentList.Add(argument);
        (start.Environment["HOME"], start.Environment["SHELL"], start.Environment["TERM"]) = (folder, "/bin/sh", "xterm");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        var screen = new StringBuilder();
        var (buffer, next, from) = (new byte[4096], 0, 0);
        try
        {
            int read;
            while ((read = await process.StandardOutput.BaseStream.ReadAsync(buffer, deadline.Token)) > 0)
            {
                screen.Append(Encoding.UTF8.GetString(buffer, 0, read));
                while (next < dialogue.Count && screen.ToString().IndexOf(dialogue[next].Seen, from, StringComparison.Ordinal) is >= 0 and var at)
                {
                    from = at + dialogue[next].Seen.Length;
                    await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(dialogue[next++].Typed), deadline.Token);
                    await process.StandardInput.BaseStream.FlushAsync(deadline.Token);
                }
            }
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, screen.ToString());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the terminal showed at last:\n{screen}");
        }
    }
}
