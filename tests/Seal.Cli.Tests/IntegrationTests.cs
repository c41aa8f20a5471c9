using System.Text;
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

    [Fact]
    public void The_GitLab_job_calls_commands_that_exist()
    {
        var job = YamlReader.Read(Text("deploy/integrations/gitlab/seal-scan.gitlab-ci.yml"))!["seal-scan"]!.AsObject();
        var script = string.Join('\n', job["script"]!.AsArray().Select(line => (string)line!));
        Assert.Contains("seal scan --format sarif", script, StringComparison.Ordinal);
        Assert.Equal("seal.sarif", (string?)job["artifacts"]!["paths"]![0]);
    }

    [Theory]
    [InlineData("hunter2", 1, 1)]
    [InlineData("${PASSWORD}", 0, 0)]
    public async Task The_report_of_the_action_holds_the_findings_and_its_exit_code_is_the_scan_s(string value, int exitCode, int results)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        using var work = new WorkFolder();
        await File.WriteAllTextAsync(work.File("secret.yaml"), $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  a: {value}\n", TestContext.Current.CancellationToken);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = Path.GetDirectoryName(SealProgram.Path) + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["GITHUB_OUTPUT"] = work.File("output"),
            ["SCAN_PATH"] = "secret.yaml",
        };
        var run = await SealProgram.RunAsync(Path.Combine(Root, "deploy/integrations/scan-report"), [], [], work.Path, environment, TestContext.Current.CancellationToken);
        Assert.Equal(exitCode, run.ExitCode);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(work.File("seal.sarif"), TestContext.Current.CancellationToken))!;
        Assert.Equal(results, report["runs"]![0]!["results"]!.AsArray().Count);
        Assert.Equal("sarif-file=seal.sarif\n", await File.ReadAllTextAsync(work.File("output"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("hunter2", run.OutputText + Encoding.UTF8.GetString(await File.ReadAllBytesAsync(work.File("seal.sarif"), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    private static void AssertRuns(string path)
    {
        var full = Path.Combine(Root, path);
        Assert.True(File.Exists(full), path);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(full).HasFlag(UnixFileMode.UserExecute), path);
    }

    private static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));
}
