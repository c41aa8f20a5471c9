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
