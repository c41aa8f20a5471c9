namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>A Git repository in a temporary directory, worked on with the git command, and with none of its user's settings: hooks and filters would see what the demo does.</summary>
internal sealed class GitRepository : IDisposable
{
    private static readonly Dictionary<string, string> OwnSettingsOnly = new() { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1" };

    private GitRepository(string path, string version)
    {
        Path = path;
        Version = version;
    }

    public string Path { get; }

    public string Version { get; }

    /// <exception cref="QuickstartException">git is not installed.</exception>
    public static async Task<GitRepository> CreateAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("gitopssecrets-demo-").FullName;
        var version = (await Commands.RunAsync("git", ["--version"], directory, null, null, cancellationToken)).OutputOrThrow("git --version").Trim();
        var repository = new GitRepository(directory, version);
        await repository.RunAsync(["init", "--quiet"], cancellationToken);
        await repository.RunAsync(["config", "user.name", "Demo"], cancellationToken);
        await repository.RunAsync(["config", "user.email", "demo@example.com"], cancellationToken);
        await repository.RunAsync(["config", "commit.gpgsign", "false"], cancellationToken);
        return repository;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <returns>The new commit, abbreviated.</returns>
    public async Task<string> CommitAsync(string message, CancellationToken cancellationToken)
    {
        await RunAsync(["add", "--all"], cancellationToken);
        await RunAsync(["commit", "--quiet", "-m", message], cancellationToken);
        return (await RunAsync(["rev-parse", "--short", "HEAD"], cancellationToken)).Trim();
    }

    /// <summary>A file as the last commit holds it.</summary>
    public Task<string> ShowAsync(string name, CancellationToken cancellationToken) => RunAsync(["show", "HEAD:" + name], cancellationToken);

    /// <summary>Whether any commit holds this text.</summary>
    public async Task<bool> EverHeldAsync(string text, CancellationToken cancellationToken)
    {
        var history = await RunAsync(["log", "--patch", "--all"], cancellationToken);
        return history.Contains(text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await Commands.RunAsync("git", arguments, Path, null, OwnSettingsOnly, cancellationToken)).OutputOrThrow("git " + arguments[0]);
}
