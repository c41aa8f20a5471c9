using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>What is shipped for code hosts and for pre-commit refers to what is there.</summary>
public sealed class IntegrationTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Vectors.Folder, "..", "..", ".."));

    [Fact]
    public void The_pre_commit_hook_names_a_script_that_can_run()
    {
        var hook = YamlReader.Read(Text(".pre-commit-hooks.yaml"))!.AsArray().Single()!;
        Assert.Equal("script", (string?)hook["language"]);
        Assert.False((bool)hook["pass_filenames"]!);
        AssertRuns((string)hook["entry"]!);
    }

    [Theory]
    [InlineData("hunter2", 1)]
    [InlineData("${PASSWORD}", 0)]
    public async Task Pre_commit_itself_takes_the_hook_and_refuses_a_secret_in_plain_text(string value, int exitCode)
    {
        using var work = await WithSecretAsync(value);
        var shell = new Shell(work);
        Assert.SkipUnless((await shell.RunAsync("command -v pre-commit", work.Path, TestContext.Current.CancellationToken)).ExitCode == 0, "pre-commit is not on the PATH");
        var run = await shell.RunAsync(
            $"""
            set -e
            git config --global user.name ann; git config --global user.email ann@example.org
            mkdir hooks work; mv secret.yaml work
            (cd '{Root}'; cp --parents deploy/integrations/git/pre-commit .pre-commit-hooks.yaml '{work.File("hooks")}')
            git -C hooks init -q; git -C hooks add -A; git -C hooks commit -qm hooks
            cd work; git init -q
            printf 'repos:\n- repo: ../hooks\n  rev: %s\n  hooks: [id: seal-scan]\n' "$(git -C ../hooks rev-parse HEAD)" > .pre-commit-config.yaml
            git add -A; pre-commit install
            git commit -m work
            """, work.Path, TestContext.Current.CancellationToken);
        Assert.True(exitCode == run.ExitCode, run.OutputText + run.Error);
        Assert.Contains("no secrets in plain text", run.OutputText + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.OutputText + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_action_declares_what_its_steps_use()
    {
        var action = YamlReader.Read(Text("action.yml"))!;
        Assert.Equal("composite", (string?)action["runs"]!["using"]);
        var steps = action["runs"]!["steps"]!.AsArray();
        Assert.All(steps, step => Assert.NotNull(step!["shell"]));
        // Inputs reach scripts through variables: an expression within a script would run what a stranger wrote.
        Assert.All(steps, step => Assert.DoesNotContain("${{", (string)step!["run"]!, StringComparison.Ordinal));
        var used = steps.SelectMany(step => step!["env"]!.AsObject()).Select(entry => (string)entry.Value!).Where(value => value.Contains("inputs.", StringComparison.Ordinal))
            .Select(value => value.Replace("${{ inputs.", "", StringComparison.Ordinal).Replace(" }}", "", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(action["inputs"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal), used);
        AssertRuns("deploy/integrations/scan-report");
    }

    [Theory]
    [InlineData("hunter2", 1, 1)]
    [InlineData("${PASSWORD}", 0, 0)]
    public async Task The_lines_of_the_GitLab_job_leave_the_report_and_the_scan_s_exit_code(string value, int exitCode, int results)
    {
        using var work = await WithSecretAsync(value);
        var job = YamlReader.Read(Text("deploy/integrations/gitlab/seal-scan.gitlab-ci.yml"))!["seal-scan"]!.AsObject();
        // A runner gives the lines to one shell that ends at the first failure.
        var script = "set -eo pipefail\n" + string.Join('\n', job["script"]!.AsArray().Select(line => (string)line!));
        var shell = new Shell(work);
        foreach (var (name, variable) in job["variables"]!.AsObject()) shell.Environment[name] = (string)variable!;
        var run = await shell.RunAsync("bash", ["-c", script], work.Path, TestContext.Current.CancellationToken);
        Assert.True(exitCode == run.ExitCode, run.Error);
        await AssertReportAsync(work, (string)job["artifacts"]!["paths"]!.AsArray().Single()!, run, results);
        Assert.Equal("always", (string?)job["artifacts"]!["when"]);
        Assert.Equal(results > 0, run.OutputText.Contains("secret.yaml", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hunter2", 1, 1)]
    [InlineData("${PASSWORD}", 0, 0)]
    public async Task The_steps_of_the_action_leave_the_report_and_the_scan_s_exit_code(string value, int exitCode, int results)
    {
        using var work = await WithSecretAsync(value);
        var action = YamlReader.Read(Text("action.yml"))!;
        var shell = new Shell(work);
        shell.Environment["GITHUB_OUTPUT"] = work.File("output");
        shell.Environment["GITHUB_PATH"] = work.File("path");
        shell.Environment["RUNNER_TEMP"] = work.File("temporary");
        SealRun? last = null;
        foreach (var step in action["runs"]!["steps"]!.AsArray())
        {
            foreach (var (name, variable) in step!["env"]!.AsObject()) shell.Environment[name] = Evaluated((string)variable!, action["inputs"]!.AsObject());
            // As the runner starts the shell `bash`.
            last = await shell.RunAsync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", (string)step["run"]!], work.Path, TestContext.Current.CancellationToken);
            if (last.ExitCode != 0) break;
        }
        Assert.True(exitCode == last!.ExitCode, last.Error);
        await AssertReportAsync(work, "seal.sarif", last, results);
        Assert.Equal("sarif-file=seal.sarif\n", await File.ReadAllTextAsync(work.File("output"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(work.File("path")), "seal was there, and was built all the same");
    }

    [Fact]
    public async Task Where_seal_is_not_installed_the_action_builds_it_and_later_steps_find_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        using var work = new WorkFolder();
        var shell = new Shell(work);
        shell.Restore("seal");
        shell.Program("dotnet", """echo "$@" > built; while [ $# -gt 1 ]; do shift; done; mkdir -p "$1" """);
        shell.Environment["PATH"] = "/usr/bin:/bin";
        shell.Environment["ACTION_PATH"] = Root;
        shell.Environment["GITHUB_PATH"] = work.File("path");
        shell.Environment["RUNNER_TEMP"] = work.File("temporary");
        var build = (string)YamlReader.Read(Text("action.yml"))!["runs"]!["steps"]![0]!["run"]!;
        Assert.SkipWhen((await shell.RunAsync("command -v seal", work.Path, TestContext.Current.CancellationToken)).ExitCode == 0, "seal is installed on this machine");
        var run = await shell.RunAsync("bash", ["-eo", "pipefail", "-c", build], work.Path, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error);
        var words = (await File.ReadAllTextAsync(work.File("built"), TestContext.Current.CancellationToken)).TrimEnd().Split(' ');
        Assert.Equal("publish", words[0]);
        Assert.True(Directory.Exists(words[1]), words[1]);
        Assert.Equal(words[^1] + "\n", await File.ReadAllTextAsync(work.File("path"), TestContext.Current.CancellationToken));
    }

    private static async Task<WorkFolder> WithSecretAsync(string value)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        var work = new WorkFolder();
        await File.WriteAllTextAsync(work.File("secret.yaml"), $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  a: {value}\n", TestContext.Current.CancellationToken);
        return work;
    }

    private static async Task AssertReportAsync(WorkFolder work, string file, SealRun run, int results)
    {
        var text = await File.ReadAllTextAsync(work.File(file), TestContext.Current.CancellationToken);
        Assert.Equal(results, JsonNode.Parse(text)!["runs"]![0]!["results"]!.AsArray().Count);
        Assert.DoesNotContain("hunter2", run.OutputText + run.Error + text, StringComparison.Ordinal);
    }

    /// <summary>What the runner puts in the place of an expression: the inputs have their defaults.</summary>
    private static string Evaluated(string expression, JsonObject inputs) =>
        expression == "${{ github.action_path }}" ? Root : (string)inputs[expression.Replace("${{ inputs.", "", StringComparison.Ordinal).Replace(" }}", "", StringComparison.Ordinal)]!["default"]!;

    private static void AssertRuns(string path)
    {
        var full = Path.Combine(Root, path);
        Assert.True(File.Exists(full), path);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(full).HasFlag(UnixFileMode.UserExecute), path);
    }

    private static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));
}
