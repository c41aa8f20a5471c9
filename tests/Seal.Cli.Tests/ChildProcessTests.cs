using System.Text;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>
/// Programs that the program starts: an editor, git, a command that prints a key, a kubeconfig's plugin. Each is one that writes down its arguments and looks which files
/// hold the value while it runs; no value is among its arguments, and none lies in a file but the one that the user keeps it in.
/// </summary>
public sealed class ChildProcessTests : IDisposable
{
    private const string Value = "canary-of-the-test";

    private readonly WorkFolder _work = new();

    public ChildProcessTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "arguments are read from /proc, files in memory are on tmpfs");
        Directory.CreateDirectory(_work.File("tmp"));
        Directory.CreateDirectory(_work.File("bin"));
        // seen: its name, arguments, those of who started it. found: files on disk with the value.
        foreach (var name in (string[])["editor", "keycmd", "plugin", "git"])
        {
            Program(name, $$"""
                printf '%s\n' {{name}} "$@" >> '{{_work.File("seen")}}'
                tr '\0' '\n' < /proc/$PPID/cmdline >> '{{_work.File("seen")}}'
                grep -rl {{Value}} '{{_work.Path}}' /tmp/seal-* 2> /dev/null | grep -v -e /plain.yaml -e '/\.git/' -e /bin/ >> '{{_work.File("found")}}'
                {{Work(name)}}
                """);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task An_editor_and_a_command_for_keys_see_no_value()
    {
        await EncryptAsync();
        await SealAsync(0, [], "sops", "edit", "secret.yaml");
        Holds("editor");
        Holds("keycmd");
    }

    [Fact]
    public async Task Git_sees_no_value()
    {
        Assert.SkipUnless(MachinePath.Has("git"), "git is not on the PATH");
        await PlainAsync("plain.yaml");
        foreach (var command in (string[])["init -q", "add plain.yaml", "-c user.name=t -c user.email=t@example.com commit -qm plain"])
            Assert.Equal(0, (await SealProgram.RunAsync("git", command.Split(' '), [], _work.Path, new Dictionary<string, string>(), Stop)).ExitCode);
        await SealAsync(1, [], "scan", "--history");
        await PlainAsync("plain.yaml", Value + "-2");
        await SealAsync(0, [], "diff");
        Holds("git");
    }

    [Fact]
    public async Task A_plugin_of_the_kubeconfig_sees_no_value()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var api = await TestApi.StartAsync(_work, [], environment, Stop);
        await File.WriteAllTextAsync(_work.File("token"), api.AdminToken, Stop);
        await File.WriteAllTextAsync(_work.File("kubeconfig"), $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u} }]
            clusters: [{name: c, cluster: {server: "{{api.Address}}", certificate-authority: ca.crt} }]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: {{_work.File("bin/plugin")}} } } }]
            """, Stop);
        var input = Encoding.UTF8.GetBytes($"{{apiVersion: v1, kind: Secret, metadata: {{name: db, namespace: a}}, stringData: {{a: {Value}}}}}");
        await SealAsync(0, input, "--kubeconfig", "kubeconfig", "-w", "sealed.yaml");
        await SealAsync(0, Encoding.UTF8.GetBytes(Value), "set", "--kubeconfig", "kubeconfig", "sealed.yaml", "b");
        Holds("plugin");
    }

    private string Work(string name) => name switch
    {
        "editor" => "echo 'more: x' >> \"$1\"",
        "keycmd" => $"cat '{SopsVectors.KeyFile("age-a")}'",
        "git" => "PATH=${PATH#*:} exec git \"$@\"",
        _ => $$$"""printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat '{{{_work.File("token")}}}')" """,
    };

    private async Task EncryptAsync()
    {
        await PlainAsync("secret.yaml");
        await SealAsync(0, [], "sops", "encrypt", "-i", "--age", SopsVectors.Recipient("age-a"), "secret.yaml");
    }

    private Task PlainAsync(string name, string value = Value) =>
        File.WriteAllTextAsync(_work.File(name), $"apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: a}}\nstringData: {{password: {value}}}\n", Stop);

    private async Task SealAsync(int expected, byte[] input, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = _work.File("bin") + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["TMPDIR"] = _work.File("tmp"),
            ["EDITOR"] = "editor",
            ["SOPS_AGE_KEY_CMD"] = "keycmd",
        };
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, input, _work.Path, environment, Stop);
        Assert.True(run.ExitCode == expected, $"exit code {run.ExitCode}: {run.Error}");
        Assert.DoesNotContain(Value, run.Error + run.OutputText, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_work.File("tmp")));
    }

    private void Holds(string name)
    {
        var seen = File.ReadAllLines(_work.File("seen"));
        Assert.Contains(name, seen);
        Assert.DoesNotContain(seen, line => line.Contains(Value, StringComparison.Ordinal));
        Assert.Equal("", File.ReadAllText(_work.File("found")));
    }

    private void Program(string name, string script)
    {
        File.WriteAllText(_work.File("bin/" + name), "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_work.File("bin/" + name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
