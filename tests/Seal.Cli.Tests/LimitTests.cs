using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_value_of_ten_MiB_is_refused_with_the_limit()
    {
        using var work = new WorkFolder();
        string[] arguments = ["--raw", "--scope", "cluster-wide", "--cert", Path.Combine(Vectors.Folder, "keys", "small.crt")];
        var run = await SealProgram.RunAsync(
            SealProgram.Path, arguments, new byte[10 * 1024 * 1024], work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("10485760 bytes; Kubernetes accepts at most 1048576", run.Error);
        Assert.Empty(run.Output);
    }
}
