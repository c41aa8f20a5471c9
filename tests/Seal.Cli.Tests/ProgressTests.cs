using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Long work tells how far it is: on a terminal by a bar, elsewhere by lines.</summary>
public sealed class ProgressTests : IDisposable
{
    private const string Terminal = "/usr/bin/script";

    private readonly WorkFolder _work = new();

    private static string Keys => Path.Combine(Vectors.Folder, "keys");

    private static string Arguments => $"reencrypt --cert {Keys}/small.crt --recovery-private-key {Keys}/small.key apps";

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Where_there_is_no_terminal_every_tenth_of_the_way_is_a_line()
    {
        await FilesAsync(20);
        var run = await RunAsync(SealProgram.Path, Arguments.Split(' '));
        Assert.Equal((0, "0 changed, 1 current, 0 failed\n"), (run.ExitCode, run.OutputText));
        Assert.Equal(string.Concat(Enumerable.Range(1, 10).Select(tenth => $"{2 * tenth} of 20 files\n")), run.Error);
    }

    [Fact]
    public async Task Short_work_says_nothing_on_the_way()
    {
        await FilesAsync(19);
        var run = await RunAsync(SealProgram.Path, Arguments.Split(' '));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task On_a_terminal_a_bar_grows_and_is_gone_before_the_summary()
    {
        Assert.SkipUnless(File.Exists(Terminal), "script of util-linux, which gives a program a terminal");
        await FilesAsync(200);
        var run = await RunAsync(Terminal, ["-qec", $"'{SealProgram.Path}' {Arguments}", "/dev/null"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[" + new string('#', 15) + new string('.', 15) + "] 100/200 files", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("[" + new string('#', 30) + "] 200/200 files\r\u001b[K0 changed, 1 current, 0 failed", run.OutputText, StringComparison.Ordinal);
    }

    /// <summary>One SealedSecret among other objects: what counts is how many files there are.</summary>
    private async Task FilesAsync(int count)
    {
        Directory.CreateDirectory(_work.File("apps"));
        for (var i = 1; i < count; i++) await File.WriteAllTextAsync(_work.File($"apps/{i}.yaml"), "apiVersion: v1\nkind: ConfigMap\n", TestContext.Current.CancellationToken);
        var run = await RunAsync(SealProgram.Path, ["--cert", $"{Keys}/small.crt", "-w", "apps/sealed.yaml"], """{apiVersion: v1, kind: Secret, metadata: {namespace: a, name: b}, stringData: {c: d}}"""u8.ToArray());
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    private Task<SealRun> RunAsync(string program, string[] arguments, byte[]? input = null) =>
        SealProgram.RunAsync(program, arguments, input ?? [], _work.Path, new Dictionary<string, string>(StringComparer.Ordinal), TestContext.Current.CancellationToken);
}
