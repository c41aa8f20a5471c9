using System.Text;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>A store of an operator's own definition, as docs/providers/declared.md shows it, in the hands of <c>seal</c>: over TLS, with the page's own definition and store.</summary>
public sealed class StoreDefinitionTests : IAsyncLifetime
{
    private const string Value = "of-the-test";

    private readonly WorkFolder _work = new();
    private readonly TestCertificates _certificates = new();
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(AnswerAsync, _certificates.Issue("127.0.0.1"));
        Directory.CreateDirectory(_work.File("definitions"));
        Write("definitions/acme.yaml", Shell.Blocks("docs/providers/declared.md", "yaml acme.yaml").Single());
        var authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificates.Pem));
        Write("app/store.yaml", Shell.Blocks("docs/providers/declared.md", "yaml").Single()
            .Replace("https://vault.acme.example", _server.Address.ToString(), StringComparison.Ordinal)
            .Replace("        team: shop\n", $"        team: shop\n        caBundle: {authority}\n", StringComparison.Ordinal));
        Write("app/key.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: acme-key}\nstringData: {key: not-a-key}\n");
        Write("app/external.yaml", """
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: acme}, data: [{secretKey: password, remoteRef: {key: db}}]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Render_fetches_through_it()
    {
        var run = await RunAsync(0, [], "render", "--external-secrets", "--provider-definitions", "definitions", "app");
        Assert.Contains($"password: {Base64(Value)}", run.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_names_the_folder_too()
    {
        var run = await RunAsync(0, [("SEALED_SECRETS_PROVIDER_DEFINITIONS", "definitions")], "render", "--external-secrets", "app");
        Assert.Contains($"password: {Base64(Value)}", run.OutputText, StringComparison.Ordinal);
        // Where nothing is fetched it says nothing.
        await RunAsync(0, [("SEALED_SECRETS_PROVIDER_DEFINITIONS", "nowhere")], "render", "app");
    }

    [Fact]
    public async Task Import_seals_what_it_gives()
    {
        var key = Path.Combine(Vectors.Folder, "keys", "main");
        await RunAsync(0, [], "import", "--provider-definitions", "definitions", "--stores", "app/store.yaml,app/key.yaml", "-n", "shop", "--cert", key + ".crt", "--folder", "sealed", "db");
        var opened = await RunAsync(0, [], "render", "--private-key", key + ".key", "sealed");
        Assert.Contains($"db: {Base64(Value)}", opened.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_a_definition_that_was_not_given_says_which_flag_gives_it()
    {
        var run = await RunAsync(1, [], "render", "--external-secrets", "app");
        Assert.Contains("spec.provider.declared.definition \"acme\" is none of those that were given: there are none; --provider-definitions names their folder", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Mistakes_in_definitions_are_told_once_with_file_and_field()
    {
        Write("definitions/acme.yaml", "name: acme\n");
        Write("definitions/more.yaml", "name: [\n");
        foreach (var command in (string[][])[["render", "--external-secrets", "app"], ["import", "--stores", "app/store.yaml", "-n", "shop", "db"]])
        {
            var run = await RunAsync(1, [], [command[0], "--provider-definitions", "definitions", .. command[1..]]);
            Assert.StartsWith("error: --provider-definitions: acme.yaml.server is", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.Split('\n'), line => line.StartsWith("more.yaml: ", StringComparison.Ordinal));
            Assert.Empty(run.Output);
        }

        var missing = await RunAsync(1, [], "render", "--external-secrets", "--provider-definitions", "nowhere", "app");
        Assert.Equal("error: --provider-definitions: the folder nowhere is not there\n", missing.Error);
    }

    [Fact]
    public async Task A_KRM_function_finds_it_by_its_configuration()
    {
        var items = string.Concat(Directory.GetFiles(_work.File("app")).Select(file => "- " + File.ReadAllText(file).TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal) + "\n"));
        var list = $"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  spec: {{externalSecrets: true, providerDefinitions: definitions}}\nitems:\n{items}";
        var run = await SealProgram.RunAsync(SealProgram.Path, ["render", "--krm"], Encoding.UTF8.GetBytes(list), _work.Path, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Contains($"password: {Base64(Value)}", run.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("render")]
    [InlineData("import")]
    public async Task Help_and_completion_know_the_flag(string command)
    {
        Assert.Contains("--provider-definitions FOLDER", (await RunAsync(0, [], command, "--help")).OutputText, StringComparison.Ordinal);
        Assert.Contains($"complete -c seal -n '__fish_seen_subcommand_from {command}' -l provider-definitions", (await RunAsync(0, [], "completion", "fish")).OutputText, StringComparison.Ordinal);
    }

    /// <summary>Acme's vault, as the page describes it.</summary>
    private static async Task AnswerAsync(HttpContext context)
    {
        var isIn = context.Request.Headers.Authorization == "Bearer t" && context.Request.Headers["X-Team"] == "shop";
        var answer = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", "/login") => """{"token": "t", "seconds": 600}""",
            ("GET", "/v1/secrets/db") when isIn => $$"""{"name": "db", "value": "{{Value}}"}""",
            _ => null,
        };
        if (answer is null) context.Response.StatusCode = isIn ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync(answer ?? """{"error": {"code": "NO_SUCH_SECRET"}}""", context.RequestAborted);
    }

    private async Task<SealRun> RunAsync(int expected, (string Name, string Value)[] variables, params string[] arguments)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
        var run = await SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, environment, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == expected, $"exit code {run.ExitCode}: {run.Error}");
        Assert.DoesNotContain(Value, run.Error, StringComparison.Ordinal);
        return run;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_work.File(file))!);
        File.WriteAllText(_work.File(file), text);
    }
}
