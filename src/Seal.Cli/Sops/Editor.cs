using System.ComponentModel;
using System.Diagnostics;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>The user's editor: <c>$SOPS_EDITOR</c>, <c>$EDITOR</c>, else the first of vim, nano and vi that is there.</summary>
internal static class Editor
{
    private static readonly string[] Usual = ["vim", "nano", "vi"];

    /// <summary>Opens a file and waits until the editor is done.</summary>
    /// <exception cref="CommandException">There is none, or it failed.</exception>
    public static async Task OpenAsync(string path)
    {
        var named = PrivateKeys.Variable("SOPS_EDITOR") ?? PrivateKeys.Variable("EDITOR");
        if (named is not null)
        {
            if (ShellWords.Split(named) is not [var program, .. var arguments]) throw new CommandException("$EDITOR is no command") { Code = SopsExitCode.NoEditor };
            if (!await TryOpenAsync(program, [.. arguments, path])) throw new CommandException($"cannot run the editor {program}; set $EDITOR") { Code = SopsExitCode.NoEditor };
            return;
        }
        foreach (var program in Usual)
        {
            if (await TryOpenAsync(program, [path])) return;
        }
        throw new CommandException("no editor was found; set $EDITOR") { Code = SopsExitCode.NoEditor };
    }

    /// <returns>False when there is no such program.</returns>
    private static async Task<bool> TryOpenAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return false;
        }
        using (process)
        {
            // Not to be cut short: what the user typed would be lost.
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode != 0) throw new CommandException($"the editor {program} ended with exit code {process.ExitCode}; the file is unchanged");
        }
        return true;
    }
}
