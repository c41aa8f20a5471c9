using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Programs are started without some of the three streams, by <c>&lt;&amp;-</c> and its like, by daemons and by cron jobs; the runtime's own files have their numbers then.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private readonly WorkFolder _work = new();
    private readonly Shell _shell;

    public StandardStreamTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "streams are closed by a shell");
        _shell = new Shell(_work);
        _shell.Environment["CERT"] = Path.Combine(Vectors.Folder, "keys", "main.crt");
    }

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("seal --cert $CERT <&-", "no secrets found")]
    [InlineData("seal --cert $CERT <&- 3<&-", "no secrets found")]
    [InlineData("seal --raw --name a -n b --cert $CERT <&- > out; seal set --cert $CERT --name a -n b f.yaml item <&-", "the value is empty")]
    [InlineData("seal inspect <&-", "standard input holds no SealedSecret: it is empty")]
    [InlineData("seal --cert $CERT < .", "error: cannot read standard input: ")]
    [InlineData("echo x | seal --raw --name a -n b --cert $CERT >&-", "error: cannot write standard output: it is closed")]
    [InlineData("seal --version >&- <&-", "error: cannot write standard output: it is closed")]
    public async Task Without_a_stream_the_error_tells_what_is_wrong(string command, string told)
    {
        var run = await RunAsync(command);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_ask_for_no_passphrase_where_there_is_no_input()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var api = await TestApi.StartAsync(_work, [], environment, TestContext.Current.CancellationToken);
        await api.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(Vectors.Folder, "keys", "main.secret.yaml"), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        foreach (var (name, value) in environment) _shell.Environment[name] = value;
        var run = await RunAsync("seal keys backup --out backup.pem <&-");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no passphrase was given", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seal --cert missing.pem 2>&-", 1)]
    [InlineData("seal --no-such-flag 2>&-", 2)]
    [InlineData("seal --no-such-flag <&- >&- 2>&-", 2)]
    [InlineData("seal --cert missing.pem 2> /dev/full", 1)]
    public async Task Where_nothing_can_be_said_the_exit_code_tells(string command, int code) => Assert.Equal(code, (await RunAsync(command)).ExitCode);

    private Task<SealRun> RunAsync(string command) => _shell.RunAsync(command, _work.Path, TestContext.Current.CancellationToken);
}
