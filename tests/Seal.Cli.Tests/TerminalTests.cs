using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>What is asked at a terminal: nothing secret is seen on it, and Ctrl-C is heard at once.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string CtrlC = "\u0003";

    private readonly WorkFolder _work = new();

    private static string Certificate { get; } = Path.Combine(Vectors.Folder, "keys", "main.crt");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_value_that_is_typed_is_not_seen_and_is_what_is_sealed()
    {
        var (code, screen) = await RunAsync("set -n team-a --name db db.yaml password", [], ("Value of password: ", "hunterX\u007f2\r"));
        Assert.True(code == 0, screen);
        Assert.DoesNotContain("hunter", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", screen, StringComparison.Ordinal);
        var opened = await SealProgram.RunAsync(
            SealProgram.Path, ["render", "--private-key", Path.ChangeExtension(Certificate, ".key"), "db.yaml"], [], _work.Path, new Dictionary<string, string>(), Stop);
        Assert.Contains("password: " + Convert.ToBase64String("hunter2"u8), opened.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_at_the_question_ends_it_at_once_and_nothing_is_written()
    {
        var (code, screen) = await RunAsync("set -n team-a --name db db.yaml password", [], ("Value of password: ", "hunter" + CtrlC));
        Assert.True(code == 130, $"{code}: {screen}");
        Assert.DoesNotContain("hunter", screen, StringComparison.Ordinal);
        Assert.False(File.Exists(_work.File("db.yaml")));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_command_that_waits_for_standard_input()
    {
        var (code, screen) = await RunAsync("inspect", [], ("", CtrlC), ("", CtrlC));
        Assert.True(code == 130, $"{code}: {screen}");
    }

    [Fact]
    public async Task Ctrl_C_instead_of_opening_the_editor_again_gives_up_and_takes_the_plaintext_away()
    {
        await File.WriteAllTextAsync(_work.File("secret.yaml"), "password: hunter2\n", Stop);
        await File.WriteAllTextAsync(_work.File("editor.sh"), "echo ' : oops: [' >> \"$1\"; echo \"$1\" > where", Stop);
        var sealing = await SealProgram.RunAsync(SealProgram.Path, ["sops", "encrypt", "-i", "--age", SopsVectors.Recipient("age-a"), "secret.yaml"], [], _work.Path, new Dictionary<string, string>(), Stop);
        Assert.Equal((0, ""), (sealing.ExitCode, sealing.Error));
        var before = await File.ReadAllTextAsync(_work.File("secret.yaml"), Stop);
        var (code, screen) = await RunAsync("sops edit secret.yaml", [("EDITOR", "sh editor.sh"), ("SOPS_AGE_KEY_FILE", SopsVectors.KeyFile("age-a"))], ("Ctrl-C to give up", CtrlC));
        Assert.True(code == 130, $"{code}: {screen}");
        Assert.DoesNotContain("hunter2", screen, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName((await File.ReadAllTextAsync(_work.File("where"), Stop)).Trim())));
        Assert.Equal(before, await File.ReadAllTextAsync(_work.File("secret.yaml"), Stop));
    }

    private Task<(int ExitCode, string Screen)> RunAsync(string arguments, (string Name, string Value)[] variables, params (string Seen, string Typed)[] dialogue)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
        environment["SEALED_SECRETS_CERT"] = Certificate;
        return PseudoTerminal.RunAsync($"exec env --default-signal=INT '{SealProgram.Path}' {arguments}", _work.Path, environment, dialogue, Stop);
    }
}
