using System.Diagnostics;
using System.Globalization;
using System.Text;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>The program is stopped, or killed, in the middle of its work.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly WorkFolder _work = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_request_to_stop_ends_the_work_between_two_files_and_leaves_nothing(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals, and env of the GNU tools");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var api = await TestApi.StartAsync(_work, ["keys=main,small"], environment, Stop);
        api.Controller.Hold("second");
        foreach (var name in (string[])["first", "second"]) await SealAsync(name);
        var untouched = await File.ReadAllTextAsync(_work.File("apps/second.yaml"), Stop);

        // A test program started in the background may have signals ignored, which its children inherit.
        var run = await SealProgram.RunAsync(
            "/usr/bin/env", ["--default-signal=INT,HUP,TERM", SealProgram.Path, "reencrypt", "apps"], [], _work.Path, environment,
            async process =>
            {
                await api.Controller.Held;
                while (await File.ReadAllTextAsync(_work.File("apps/first.yaml"), Stop) == _first) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
                await SignalAsync(process, signal);
            },
            Stop);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("interrupted; what was reported as changed is written", run.Error, StringComparison.Ordinal);
        Assert.Equal(untouched, await File.ReadAllTextAsync(_work.File("apps/second.yaml"), Stop));
        Assert.Equal(["first.yaml", "second.yaml"], Names("apps"));
    }

    [Theory]
    [InlineData("new.yaml")]
    [InlineData("old.yaml")]
    public async Task A_kill_in_the_middle_of_a_write_leaves_the_old_file_and_nothing_beside_it(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the signal for a file that grows too large stands for the kill");
        using (var nameless = NamelessFile.Create(_work.Path)) Assert.SkipWhen(nameless is null, "this file system knows no files without a name");
        Directory.CreateDirectory(_work.File("out"));
        await File.WriteAllTextAsync(_work.File("out/old.yaml"), "before\n", Stop);
        await File.WriteAllTextAsync(_work.File("secret.yaml"), Secret("a"), Stop);
        var run = await SealProgram.RunAsync(
            "/bin/sh", ["-c", $"ulimit -c 0; ulimit -f 1; exec /usr/bin/env --default-signal=XFSZ '{SealProgram.Path}' --cert '{Certificate("main")}' -f secret.yaml -w out/{name}"], [], _work.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableWriteXorExecute"] = "0" }, Stop);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("before\n", await File.ReadAllTextAsync(_work.File("out/old.yaml"), Stop));
        Assert.Equal(["old.yaml"], Names("out"));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_request_to_stop_ends_a_wait_for_a_pipe_at_once(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals, and pipes with a name");
        using (var make = Process.Start("mkfifo", [_work.File("pipe.yaml")])) await make.WaitForExitAsync(Stop);
        var run = await SealProgram.RunAsync(
            "/usr/bin/env", ["--default-signal=INT,HUP,TERM", SealProgram.Path, "inspect", "pipe.yaml"], [], _work.Path, new Dictionary<string, string>(StringComparer.Ordinal),
            async process =>
            {
                // Opened once the other side has opened it too.
                await using var open = await Task.Run(() => new FileStream(_work.File("pipe.yaml"), FileMode.Open, FileAccess.Write), Stop);
                await SignalAsync(process, signal);
                await process.WaitForExitAsync(Stop);
            },
            Stop);
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public async Task A_pipe_in_a_folder_is_passed_over()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes with a name");
        await SealAsync("first");
        using (var make = Process.Start("mkfifo", [_work.File("apps/pipe.yaml")])) await make.WaitForExitAsync(Stop);
        foreach (var command in (string[])["verify", "scan"])
        {
            var run = await SealProgram.RunAsync(SealProgram.Path, [command, "apps"], [], _work.Path, new Dictionary<string, string>(StringComparer.Ordinal), Stop);
            Assert.Equal(0, run.ExitCode);
        }
    }

    private string? _first;

    private async Task SealAsync(string name)
    {
        Directory.CreateDirectory(_work.File("apps"));
        var path = _work.File($"apps/{name}.yaml");
        var run = await SealProgram.RunAsync(
            SealProgram.Path, ["--cert", Certificate("small"), "-w", path], Encoding.UTF8.GetBytes(Secret(name)), _work.Path, new Dictionary<string, string>(), Stop);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        _first ??= await File.ReadAllTextAsync(path, Stop);
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Stop);
    }

    private static string Certificate(string id) => Path.Combine(Vectors.Folder, "keys", id + ".crt");

    private static string Secret(string name) => $$"""{apiVersion: v1, kind: Secret, metadata: {namespace: a, name: {{name}} }, stringData: {a: "1", b: "2", c: "3", d: "4"} }""";

    private IEnumerable<string> Names(string folder) => Directory.GetFileSystemEntries(_work.File(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
