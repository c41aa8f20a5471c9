using GitOpsSecrets.LocalCluster.Quickstart;

namespace GitOpsSecrets.LocalCluster.Tests.Quickstart;

/// <summary>The program as a user runs it, but in this process.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("quickstart-").FullName;
    private readonly LockedWriter output = new();
    private readonly LockedWriter error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken) => LocalClusterProgram.RunAsync(arguments, output, error, cancellationToken);

    [Fact]
    public async Task The_demo_holds_from_the_first_step_to_the_last()
    {
        var exit = await RunAsync(["demo", "--key-size", "2048", "--directory", directory], TestContext.Current.CancellationToken);
        Assert.True(exit == 0, output.ToString() + error);
        Assert.Contains("12. Everything still opens", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("13. An ExternalSecret follows its store", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("14. A SOPS file becomes a Secret", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(14, output.ToString().Split('✓').Length - 1);
        Assert.Contains("What to type next", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_does_not_hold_ends_the_demo_with_1()
    {
        // A file where the directory should be: the cluster cannot write its kubeconfig.
        var file = Path.Combine(directory, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        Assert.Equal(1, await RunAsync(["demo", "--directory", file], TestContext.Current.CancellationToken));
        Assert.Contains("✗", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Every step held", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("controller.log")]
    [InlineData("controller.kubeconfig.tmp")]
    public async Task A_directory_that_cannot_be_written_to_is_told_by_its_flag(string file)
    {
        Directory.CreateDirectory(Path.Combine(directory, file)); // which even root cannot write to as a file
        Assert.Equal(1, await RunAsync(["--directory", directory], TestContext.Current.CancellationToken));
        Assert.StartsWith($"error: --directory {directory} cannot be written to (", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("; name another\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_repository_of_the_demo_is_its_own_within_a_hook_of_another_too()
    {
        var victim = Directory.CreateDirectory(Path.Combine(directory, "victim")).FullName;
        var settings = Path.Combine(directory, "settings");
        await File.WriteAllTextAsync(settings, "[user]\n\tname = Somebody\n[core]\n\thooksPath = /nowhere\n", TestContext.Current.CancellationToken);
        string[] names = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_GLOBAL"];
        string[] values = [Path.Combine(victim, ".git"), victim, Path.Combine(victim, "index"), settings];
        try
        {
            foreach (var (name, value) in names.Zip(values)) Environment.SetEnvironmentVariable(name, value);
            using var git = await GitRepository.CreateAsync(TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(git.File("a"), "1", TestContext.Current.CancellationToken);
            await git.CommitAsync("first", TestContext.Current.CancellationToken);
            Assert.Equal("1", await git.ShowAsync("a", TestContext.Current.CancellationToken));
            Assert.True(Directory.Exists(git.File(".git")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        }
        finally
        {
            foreach (var name in names) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public async Task Programs_of_the_demo_take_no_flags_from_the_variables_of_whoever_runs_it()
    {
        Environment.SetEnvironmentVariable("SEALED_SECRETS_TEST", "another-cluster");
        try
        {
            var run = await Commands.RunAsync("env", [], directory, null, null, TestContext.Current.CancellationToken);
            Assert.Contains("PATH=", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("another-cluster", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SEALED_SECRETS_TEST", null);
        }
    }

    [Fact]
    public async Task It_serves_until_it_is_stopped_and_leaves_a_kubeconfig_for_its_owner_only()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = RunAsync(["--key-size", "2048", "--directory", directory], stopping.Token);
        while (!output.ToString().Contains("Ctrl-C", StringComparison.Ordinal) && !running.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var kubeconfig = Path.Combine(directory, "kubeconfig");
        Assert.Contains(kubeconfig, output.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kubeconfig));
        await stopping.CancelAsync();
        Assert.Equal(0, await running);
        Assert.Contains("stopped", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_on_standard_output_and_nonsense_is_told_on_standard_error()
    {
        Assert.Equal(0, await RunAsync(["--help"], TestContext.Current.CancellationToken));
        Assert.Contains("-- demo", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync(["--key-size", "1"], TestContext.Current.CancellationToken));
        Assert.Contains("cannot understand \"--key-size\"", error.ToString(), StringComparison.Ordinal);
    }
}
