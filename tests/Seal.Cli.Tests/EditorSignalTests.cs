using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GitOpsSecrets.Seal.Cli.Sops;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>seal sops edit</c> while the editor is open, and somebody wants it to stop.</summary>
public sealed class EditorSignalTests : IDisposable
{
    // Says that it is open and where the file lies, and stays until it is told to end.
    private const string Waits = """
        mkfifo end.$$ && echo "$1 end.$$" > open.tmp && mv open.tmp open
        read line < end.$$
        sed -i s/hunter2/tiger/ "$1" 2> /dev/null
        """;

    private readonly WorkFolder _work = new();

    public EditorSignalTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals, and a folder in memory");
        File.WriteAllText(_work.File("editor.sh"), Waits);
        File.WriteAllText(_work.File("secret.yaml"), "password: hunter2\n");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_request_to_stop_takes_the_plaintext_away_and_leaves_the_file_as_it_was(string signal, int exitCode)
    {
        await SealAsync("sops", "encrypt", "--age", SopsVectors.Recipient("age-a"), "-i", "secret.yaml");
        var before = await File.ReadAllBytesAsync(_work.File("secret.yaml"), Stop);
        var (plain, end) = ("", "");
        var run = await EditAsync("secret.yaml", async process =>
        {
            (plain, end) = await OpenAsync();
            Assert.Equal("password: hunter2\n", await File.ReadAllTextAsync(plain, Stop));
            await SignalAsync(process, signal);
            await process.WaitForExitAsync(Stop);
            Assert.False(Directory.Exists(Path.GetDirectoryName(plain)));
            await File.WriteAllTextAsync(_work.File(end), "\n", Stop);
        });
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(before, await File.ReadAllBytesAsync(_work.File("secret.yaml"), Stop));
        Assert.DoesNotContain("hunter2", run.Error + run.OutputText, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C goes to all that share the terminal, and is a key like any other to many editors: it must not take the file from under them.</summary>
    [Theory]
    [InlineData("secret.yaml")]
    [InlineData("new.yaml")]
    public async Task Ctrl_C_in_the_editor_is_the_editors_and_what_was_typed_is_written(string file)
    {
        await File.WriteAllTextAsync(_work.File(".sops.yaml"), $"creation_rules:\n  - age: {SopsVectors.Recipient("age-a")}\n", Stop);
        await SealAsync("sops", "encrypt", "-i", "secret.yaml");
        if (file == "new.yaml") await File.WriteAllTextAsync(_work.File("editor.sh"), Waits.Replace("sed", "echo 'password: tiger' > \"$1\"; sed", StringComparison.Ordinal), Stop);
        var run = await EditAsync(file, async process =>
        {
            var (plain, end) = await OpenAsync();
            await SignalAsync(process, "INT");
            Assert.True(File.Exists(plain));
            await File.WriteAllTextAsync(_work.File(end), "\n", Stop);
        });
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("password: tiger\n", (await SealAsync("sops", "decrypt", file)).OutputText);
    }

    [Fact]
    public void However_often_it_comes_the_file_in_memory_stays()
    {
        using var file = MemoryFile.Create("a.yaml", "a: b\n"u8, allowDisk: true);
        for (var i = 0; i < 3; i++)
        {
            var interrupted = new PosixSignalContext(PosixSignal.SIGINT);
            file.OnSignal(interrupted);
            Assert.True(interrupted.Cancel);
            Assert.True(File.Exists(file.Path));
        }
    }

    private async Task<(string Plain, string End)> OpenAsync()
    {
        while (!File.Exists(_work.File("open"))) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        var words = (await File.ReadAllTextAsync(_work.File("open"), Stop)).Trim().Split(' ');
        return (words[0], words[1]);
    }

    private Task<SealRun> EditAsync(string file, Func<Process, Task> meanwhile) =>
        // A test program started in the background may have signals ignored, which its children inherit.
        SealProgram.RunAsync("/usr/bin/env", ["--default-signal=INT,HUP,TERM", SealProgram.Path, "sops", "edit", file], [], _work.Path, Environment("sh editor.sh"), meanwhile, Stop);

    private async Task<SealRun> SealAsync(params string[] arguments)
    {
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, Environment("false"), Stop);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private static Dictionary<string, string> Environment(string editor) =>
        new(StringComparer.Ordinal) { ["EDITOR"] = editor, ["SOPS_AGE_KEY_FILE"] = SopsVectors.KeyFile("age-a") };

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Stop);
    }
}
