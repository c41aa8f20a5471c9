using System.Text;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>The flags of the original's logging library: every form in which scripts give them is accepted, and changes nothing, as there is no log.</summary>
public sealed class LoggingFlagTests : IDisposable
{
    private const string Secret = "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: a}, stringData: {a: b}}";

    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("-v 4")]
    [InlineData("-v=4")]
    [InlineData("-v4")]
    [InlineData("--v 9")]
    [InlineData("--v=9")]
    [InlineData("--vmodule a=1,b=2")]
    [InlineData("--logtostderr")]
    [InlineData("--logtostderr=false")]
    [InlineData("--alsologtostderr")]
    [InlineData("--alsologtostderrthreshold 1")]
    [InlineData("--stderrthreshold 2")]
    [InlineData("--stderrthreshold=INFO")]
    [InlineData("--log_dir /tmp")]
    [InlineData("--log_file log.txt")]
    [InlineData("--log_file_max_size 10")]
    [InlineData("--log_backtrace_at a.go:1")]
    [InlineData("--add_dir_header")]
    [InlineData("--skip_headers")]
    [InlineData("--skip_log_headers=true")]
    [InlineData("--one_output")]
    [InlineData("--legacy_stderr_threshold_behavior=false")]
    public void Each_is_accepted_in_every_form(string line)
    {
        var flags = new FlagParser(RootFlags.Groups).Parse([.. line.Split(' '), "--scope", "cluster-wide"], _ => null);
        Assert.Empty(flags.Arguments);
        Assert.Equal("cluster-wide", flags.Text(RootFlags.Scope));
    }

    [Theory]
    [InlineData("-v x")]
    [InlineData("--v=x")]
    [InlineData("--logtostderr=x")]
    [InlineData("--log_file_max_size x")]
    [InlineData("--vmodule")]
    [InlineData("-v")]
    public void What_the_original_refuses_by_its_form_is_refused(string line) =>
        Assert.Throws<UsageException>(() => new FlagParser(RootFlags.Groups).Parse(line.Split(' '), _ => null));

    [Fact]
    public async Task Together_they_change_neither_the_output_nor_the_folder_and_help_does_not_show_them()
    {
        string[] all = ["-v", "9", "--logtostderr=false", "--alsologtostderr", "--stderrthreshold", "0", "--log_dir", _work.Path, "--log_file", "log.txt", "--vmodule", "a=1", "--one_output"];
        var certificate = Path.Combine(Vectors.Folder, "keys", "main.crt");
        var run = await SealProgram.RunAsync(SealProgram.Path, ["--cert", certificate, .. all], Encoding.UTF8.GetBytes(Secret), _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("encryptedData", run.OutputText, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_work.Path));
        var help = await SealProgram.RunAsync(SealProgram.Path, ["--help"], [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("log_dir", help.OutputText, StringComparison.Ordinal);
    }
}
