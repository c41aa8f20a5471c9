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

    [Fact]
    public async Task A_file_of_six_MiB_is_encrypted_by_SOPS_and_opens_again()
    {
        using var work = new WorkFolder();
        var (variables, stop) = (new Dictionary<string, string> { ["SOPS_AGE_KEY_FILE"] = Path.Combine(SopsVectors.Folder, "keys", "age-a.agekey") }, TestContext.Current.CancellationToken);
        var content = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(work.File("large.bin"), content, stop);
        var run = await SealProgram.RunAsync(SealProgram.Path, ["sops", "encrypt", "-i", "--age", SopsVectors.Recipient("age-a"), "large.bin"], [], work.Path, variables, stop);
        Assert.True(run.ExitCode == 0, run.Error);
        run = await SealProgram.RunAsync(SealProgram.Path, ["sops", "decrypt", "large.bin"], [], work.Path, variables, stop);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(content.AsSpan().SequenceEqual(run.Output));
    }
}
