using System.Text;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>A file is written whole or not at all, whatever happens on the way.</summary>
public sealed class OutputFileTests : IDisposable
{
    private const string Old = "what was there before\n";

    private readonly WorkFolder _work = new();

    private static string Certificate => Path.Combine(Vectors.Folder, "keys", "main.crt");

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("out.yaml")]
    [InlineData("link.yaml")]
    public async Task A_write_that_fails_half_way_leaves_the_old_file_and_nothing_beside_it(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell's file size limit stands for the full disk");
        await WriteAsync("out.yaml", Old);
        await WriteAsync("secret.yaml", Secret("a"));
        File.CreateSymbolicLink(_work.File("link.yaml"), "out.yaml");
        var run = await RunLimitedAsync($"--cert {Certificate} -f secret.yaml -w {name}");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error: cannot write {name}: ", run.Error);
        Assert.EndsWith("it was left as it was\n", run.Error);
        Assert.Equal(Old, await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken));
        Assert.Equal(["link.yaml", "out.yaml", "secret.yaml"], Names());
    }

    [Fact]
    public async Task A_new_file_that_cannot_be_written_whole_does_not_come_to_be()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell's file size limit stands for the full disk");
        await WriteAsync("secret.yaml", Secret("a"));
        var run = await RunLimitedAsync($"--cert {Certificate} -f secret.yaml -w out.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["secret.yaml"], Names());
    }

    [Fact]
    public async Task Recovered_values_that_do_not_fit_on_the_disk_leave_the_old_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell's file size limit stands for the full disk");
        await WriteAsync("out.yaml", Old);
        await WriteAsync("sealed.json", (await RunAsync($$"""{apiVersion: v1, kind: Secret, metadata: {namespace: a, name: a}, stringData: {a: "{{new string('x', 3000)}}"} }""", "--cert", Certificate)).OutputText);
        var run = await RunLimitedAsync($"--recovery-unseal --recovery-private-key {Path.Combine(Vectors.Folder, "keys", "main.key")} -f sealed.json -w out.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: cannot write out.yaml: ", run.Error);
        Assert.Equal(Old, await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken));
        Assert.Equal(["out.yaml", "sealed.json"], Names());
    }

    [Fact]
    public async Task A_file_in_a_folder_that_takes_no_other_is_written_where_it_is_and_survives_a_full_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links of /proc");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "the superuser may write anywhere");
        Directory.CreateDirectory(_work.File("closed"));
        await WriteAsync("closed/out.yaml", Old);
        await WriteAsync("secret.yaml", Secret("a"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_work.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var full = await RunLimitedAsync($"--cert {Certificate} -f secret.yaml -w closed/out.yaml");
        Assert.Equal((1, Old), (full.ExitCode, await File.ReadAllTextAsync(_work.File("closed/out.yaml"), TestContext.Current.CancellationToken)));
        var run = await RunAsync(Secret("a"), "--cert", Certificate, "-w", "closed/out.yaml");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("SealedSecret", await File.ReadAllTextAsync(_work.File("closed/out.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void Plaintext_in_shared_memory_is_for_its_owner_only()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "no /dev/shm here");
        var folder = Directory.CreateDirectory($"/dev/shm/seal-test-{Guid.NewGuid():n}");
        try
        {
            var path = Path.Combine(folder.FullName, "plain.yaml");
            OutputFile.WritePlaintext(path, "secret"u8);
            Assert.Equal("secret", File.ReadAllText(path));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_file_keeps_its_owner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only the superuser gives files away");
        await WriteAsync("out.yaml", Old);
        await SealProgram.RunAsync("/bin/chown", ["1000:1001", "out.yaml"], [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync(Secret("a"), "--cert", Certificate, "-w", "out.yaml")).ExitCode);
        var status = FileStatus.Of(_work.File("out.yaml"))!.Value;
        Assert.Equal((1000U, 1001U), (status.Owner, status.Group));
        Assert.NotEqual(Old, await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_changes_that_compete_for_a_file_none_is_lost_that_was_said_to_be_made()
    {
        const int Writers = 8;
        var path = _work.File("out.yaml");
        await WriteAsync("out.yaml", "");
        var made = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => Enumerable.Range(0, 50).Count(_ =>
        {
            try
            {
                var read = File.ReadAllBytes(path);
                OutputFile.Change(path, read, [.. read, (byte)('a' + i)]);
                return true;
            }
            catch (Exception failure) when (failure is CommandException or IOException)
            {
                return false;
            }
        }))));
        Assert.Equal(made.Sum(), new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_folder_that_another_program_keeps_locked_is_told_once_and_then_given_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "folders are locked on Linux only");
        await WriteAsync("out.yaml", Old);
        var said = new List<string>();
        using (FolderTurn.Take(_work.Path, TimeProvider.System))
        {
            var time = new LeapingTime();
            var failure = Assert.Throws<CommandException>(() => FolderTurn.Take(_work.Path, time, said.Add));
            Assert.Contains($"fuser -v {_work.Path}", failure.Message, StringComparison.Ordinal);
            Assert.Equal([$"waiting for another program that changes files in {_work.Path}"], said);
            Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
            // The other files of the folder are not waited for as long, each.
            var pauses = time.Pauses;
            Assert.Throws<CommandException>(() => OutputFile.Change(_work.File("out.yaml"), Encoding.UTF8.GetBytes(Old), "ours\n"u8, time));
            Assert.Equal(pauses, time.Pauses);
        }
        Assert.Equal(Old, await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken));
        OutputFile.Change(_work.File("out.yaml"), Encoding.UTF8.GetBytes(Old), "ours\n"u8);
        Assert.Equal("ours\n", await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_that_becomes_free_is_taken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "folders are locked on Linux only");
        var said = new List<string>();
        var other = FolderTurn.Take(_work.Path, TimeProvider.System);
        var time = new LeapingTime();
        time.At(TimeSpan.FromSeconds(30), other.Dispose);
        using var turn = FolderTurn.Take(_work.Path, time, said.Add);
        Assert.Single(said);
        Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task What_another_has_written_meanwhile_is_not_written_over()
    {
        var (path, absent) = (_work.File("out.yaml"), _work.File("absent.yaml"));
        await WriteAsync("out.yaml", Old);
        OutputFile.Change(path, Encoding.UTF8.GetBytes(Old), "ours\n"u8);
        OutputFile.Change(absent, null, "ours\n"u8);
        foreach (var (file, read) in new[] { (path, Encoding.UTF8.GetBytes(Old)), (absent, null), (_work.File("gone.yaml"), Encoding.UTF8.GetBytes(Old)) })
        {
            var failure = Assert.Throws<CommandException>(() => OutputFile.Change(file, read, "late\n"u8));
            Assert.Contains("was changed by another program meanwhile", failure.Message, StringComparison.Ordinal);
        }
        Assert.Equal("ours\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(["absent.yaml", "out.yaml"], Names());
    }

    [Fact]
    public async Task Objects_that_could_not_be_written_are_not_counted_as_changed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell's file size limit stands for the full disk");
        var sealedOnce = await RunAsync(Secret("a"), "--cert", Certificate);
        await WriteAsync("sealed.json", sealedOnce.OutputText);
        var run = await RunLimitedAsync($"reencrypt --recovery-private-key {Path.Combine(Vectors.Folder, "keys", "main.key")} --cert {Path.Combine(Vectors.Folder, "keys", "other.crt")} sealed.json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("0 changed, 0 current, 1 failed", run.OutputText + run.Error, StringComparison.Ordinal);
        Assert.Equal(sealedOnce.OutputText, await File.ReadAllTextAsync(_work.File("sealed.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("-w /dev/stdout | cat")]
    [InlineData("-w >(cat) | cat")]
    [InlineData("-w pipe & cat pipe; wait; test -p pipe")]
    public async Task A_pipe_is_written_to(string rest)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes that have a path");
        await WriteAsync("secret.yaml", Secret("a"));
        var script = $"mkfifo pipe; '{SealProgram.Path}' --cert {Certificate} -f secret.yaml {rest}";
        var run = await SealProgram.RunAsync("/bin/bash", ["-eu", "-o", "pipefail", "-c", script], [], _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("\"SealedSecret\"", run.OutputText.Replace("kind: SealedSecret", "\"SealedSecret\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        var run = await RunAsync(Secret("a"), "--cert", Certificate, "-w", "/dev/full");
        Assert.Equal((1, "error: cannot write /dev/full: no space left on device; it was left as it was\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "the superuser may write anywhere");
        Directory.CreateDirectory(_work.File("closed"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_work.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var run = await RunAsync(Secret("a"), "--cert", Certificate, "-w", "closed/out.yaml");
        Assert.Equal((1, "error: cannot write closed/out.yaml: permission denied\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Of_writers_that_compete_for_a_file_one_wins_whole()
    {
        const int Writers = 6;
        var runs = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => RunAsync(Secret($"writer-{i}"), "--cert", Certificate, "-w", "out.yaml")));
        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.Equal(["out.yaml"], Names());
        var opened = await RunAsync(
            await File.ReadAllTextAsync(_work.File("out.yaml"), TestContext.Current.CancellationToken), "--recovery-unseal", "--recovery-private-key", Path.Combine(Vectors.Folder, "keys", "main.key"));
        Assert.Equal((0, ""), (opened.ExitCode, opened.Error));
        Assert.Contains("name: writer-", opened.OutputText);
    }

    /// <summary>Whoever pauses has paused at once, and it is later by that.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private readonly List<(TimeSpan At, Action Do)> _due = [];
        private TimeSpan _now;

        public int Pauses { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void At(TimeSpan at, Action action) => _due.Add((at, action));

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses++;
            _now += dueTime;
            foreach (var (_, action) in _due.Where(due => due.At <= _now)) action();
            _due.RemoveAll(due => due.At <= _now);
            return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Four items make more than the kilobyte that <see cref="RunLimitedAsync"/> lets a file have.</summary>
    private static string Secret(string name) => $$"""{apiVersion: v1, kind: Secret, metadata: {namespace: a, name: {{name}} }, stringData: {a: "1", b: "2", c: "3", d: "4"} }""";

    private IEnumerable<string> Names() => Directory.GetFileSystemEntries(_work.Path).Select(path => Path.GetFileName(path)).Where(name => name != ".dotnet").Order(StringComparer.Ordinal);

    private Task<SealRun> RunAsync(string input, params string[] arguments) =>
        SealProgram.RunAsync(SealProgram.Path, arguments, Encoding.UTF8.GetBytes(input), _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);

    /// <summary>The program with files limited to one block. The signal is ignored, so that the write fails as on a full disk; the runtime's own mappings must not count as files.</summary>
    private Task<SealRun> RunLimitedAsync(string arguments) => SealProgram.RunAsync(
        "/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f 1; exec '{SealProgram.Path}' {arguments}"], [], _work.Path,
        new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" }, TestContext.Current.CancellationToken);

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(_work.File(name), content, TestContext.Current.CancellationToken);
}
