using System.Diagnostics;
using System.Text;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>The executable under test: what <c>SEAL_BIN</c> names, else what this build made.</summary>
internal static class SealProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] Ambient = ["SEALED_SECRETS_", "KUBE", "SOPS_", "VAULT_", "EDITOR"];

    public static string Path { get; } = Find();

    /// <param name="program">Path to start; a link named kubeseal makes it behave as such.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="folder">Working folder, and home: nothing of the user's is seen.</param>
    /// <param name="environment">Variables on top of a bare environment.</param>
    public static Task<SealRun> RunAsync(
        string program, IEnumerable<string> arguments, byte[] input, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, input, folder, environment, _ => Task.CompletedTask, cancellationToken);

    /// <param name="program">Path to start.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="folder">Working folder, and home.</param>
    /// <param name="environment">Variables on top of a bare environment.</param>
    /// <param name="meanwhile">What to do to the process while it runs.</param>
    public static async Task<SealRun> RunAsync(
        string program, IEnumerable<string> arguments, byte[] input, string folder, IReadOnlyDictionary<string, string> environment, Func<Process, Task> meanwhile,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => Ambient.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = folder;
        start.Environment.Remove("XDG_CONFIG_HOME");
        start.Environment.Remove("XDG_CACHE_HOME");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, deadline.Token);
            var error = ReadAsync(process.StandardError.BaseStream, deadline.Token);
            await WriteAsync(process, input, deadline.Token);
            await meanwhile(process).WaitAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new SealRun(process.ExitCode, await output, Encoding.UTF8.GetString(await error));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(Process process, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code tells.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static string Find()
    {
        var path = Environment.GetEnvironmentVariable("SEAL_BIN") is { Length: > 0 } named
            ? System.IO.Path.GetFullPath(named)
            : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "seal.exe" : "seal");
        return File.Exists(path) ? path : throw new FileNotFoundException("the executable under test is not there", path);
    }
}
