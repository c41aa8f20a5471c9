using System.Text;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>A shell in a work folder, with <c>seal</c> on its path and stand-ins for what is not on every machine.</summary>
internal sealed class Shell
{
    private readonly WorkFolder _work;

    public Shell(WorkFolder work)
    {
        _work = work;
        Directory.CreateDirectory(work.File(".bin"));
        File.CreateSymbolicLink(work.File(".bin/seal"), SealProgram.Path);
    }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Vectors.Folder, "..", "..", ".."));

    /// <summary>Puts a program on the path.</summary>
    public void Program(string name, string script)
    {
        var path = _work.File($".bin/{name}");
        File.WriteAllText(path, "#!/bin/sh\n" + script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Takes the stand-in away: the machine's own program answers, if there is one.</summary>
    public void Restore(string name) => File.Delete(_work.File($".bin/{name}"));

    public Task<SealRun> RunAsync(string script, string folder, CancellationToken cancellationToken) => RunAsync("sh", ["-c", script], folder, cancellationToken);

    public async Task<SealRun> RunAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal)
        {
            ["PATH"] = _work.File(".bin") + Path.PathSeparator + (Environment.GetValueOrDefault("PATH") ?? System.Environment.GetEnvironmentVariable("PATH")),
            ["HOME"] = _work.Path,
        };
        return await SealProgram.RunAsync(program, arguments, [], folder, environment, cancellationToken);
    }

    /// <summary>The shell blocks of a page, in order, as one script.</summary>
    public static string CommandsOf(string page) => string.Concat(Blocks(page, "sh"));

    /// <summary>The indented lines of a page that begin with a command, in order, as one script.</summary>
    public static string IndentedCommandsOf(string page, string start)
    {
        var lines = File.ReadLines(Path.Combine(Repository, page)).Where(line => line.StartsWith("    " + start, StringComparison.Ordinal)).Select(line => line.Trim()).ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : throw new InvalidOperationException($"{page} has no such line");
    }

    /// <summary>The fenced blocks of a page that are in a language.</summary>
    public static IReadOnlyList<string> Blocks(string page, string language)
    {
        var blocks = new List<string>();
        StringBuilder? block = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository, page)))
        {
            if (block is null && line == "```" + language) block = new StringBuilder();
            else if (block is not null && line == "```")
            {
                blocks.Add(block.ToString());
                block = null;
            }
            else block?.Append(line).Append('\n');
        }
        return blocks.Count > 0 ? blocks : throw new InvalidOperationException($"{page} has no {language} block");
    }
}
