using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>The completion scripts in the shells that they are for: loaded without a complaint, they offer commands, subcommands, flags and choices.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly WorkFolder _work = new();
    private readonly Shell _shell;

    public CompletionTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "shells of POSIX systems");
        _shell = new Shell(_work);
    }

    public void Dispose() => _work.Dispose();

    public static TheoryData<string, string> Lines() => new()
    {
        { "seal ren", "render" },
        { "seal render --external", "--external-secrets" },
        { "seal render --provider", "--provider-definitions" },
        { "seal keys ret", "retire" },
        { "seal sops dec", "decrypt" },
        { "seal sops set --value-s", "--value-stdin" },
        { "seal --re-enc", "--re-encrypt" },
        { "seal --scope name", "namespace-wide" },
        { "seal completion fi", "fish" },
        { "seal import --to ext", "external" },
        { "seal diff --format j", "json" },
    };

    /// <summary>bash makes three words of <c>--flag=value</c>.</summary>
    [Theory]
    [InlineData("seal set file item --scope = cl", "cluster-wide")]
    [InlineData("seal --scope =", "strict namespace-wide cluster-wide")]
    public async Task Bash_completes_what_follows_an_equals_sign(string line, string words) =>
        Assert.Equal(words.Replace(' ', '\n'), await BashAsync(line));

    [Theory, MemberData(nameof(Lines))]
    public async Task Bash_completes(string line, string word) => Assert.Equal(word, await BashAsync(line));

    [Theory, MemberData(nameof(Lines))]
    public async Task Fish_completes(string line, string word) =>
        Assert.Equal(word, await RunAsync("fish", ["--no-config", "-c", $"seal completion fish | source; complete --do-complete '{line}' | string split -f1 \\t; true"]));

    [Theory, MemberData(nameof(Lines))]
    [InlineData("seal --scope=name", "--scope=namespace-wide")]
    [InlineData("Get-Date; seal sops set file --value-s", "--value-stdin")]
    [InlineData("kubeseal --scope cl", "cluster-wide")]
    public async Task PowerShell_completes(string line, string word) => Assert.Equal(word, await PowerShellAsync(line));

    /// <summary>A command is a first word only; a subcommand follows its command at once.</summary>
    [Theory]
    [InlineData("seal scan a", "a.yaml add-on")]
    [InlineData("seal keys retire a", "a.yaml add-on")]
    public async Task PowerShell_completes_files_elsewhere(string line, string words)
    {
        foreach (var file in (string[])["a.yaml", "add-on", "set"]) await File.WriteAllTextAsync(_work.File(file), "", TestContext.Current.CancellationToken);
        Assert.Equal(words.Split(' '), (await PowerShellAsync(line)).Split('\n').Select(Path.GetFileName));
    }

    /// <summary>Without a terminal zsh offers nothing; the function that it would ask is the one that bash asks.</summary>
    [Fact]
    public async Task Zsh_loads_the_script_and_knows_whom_to_ask() => Assert.Equal("_bash_complete -o filenames -F _seal", await RunAsync("zsh", ["-f", "-c", """
        autoload -U compinit && compinit -u -D
        source <(seal completion zsh)
        print -r -- "${_comps[seal]}"
        """]));

    private Task<string> BashAsync(string line) => RunAsync("bash", ["--norc", "-c", $$"""
        source <(seal completion bash)
        complete -p seal > /dev/null || exit 9
        COMP_WORDS=({{line}}); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
        _seal seal "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
        """]);

    private Task<string> PowerShellAsync(string line)
    {
        _shell.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        _shell.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return RunAsync("pwsh", ["-NoProfile", "-NonInteractive", "-Command", $$"""
            seal completion pwsh | Out-String | Invoke-Expression
            (TabExpansion2 -inputScript '{{line}}' -cursorColumn {{line.Length}}).CompletionMatches | ForEach-Object CompletionText
            if ($Error.Count -gt 0) { [Console]::Error.WriteLine($Error) }
            """]);
    }

    private async Task<string> RunAsync(string shell, string[] arguments)
    {
        Assert.SkipUnless(MachinePath.Has(shell), $"{shell} is not on the PATH");
        var run = await _shell.RunAsync(shell, arguments, _work.Path, TestContext.Current.CancellationToken);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        return run.OutputText.Trim();
    }
}
