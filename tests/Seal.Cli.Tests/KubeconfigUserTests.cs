using System.Buffers.Text;
using System.Globalization;
using System.Text;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>Which server is asked and as whom, where the kubeconfig is old or missing.</summary>
public sealed class KubeconfigUserTests : IAsyncLifetime
{
    private readonly WorkFolder _work = new();
    private readonly Dictionary<string, string> _environment = new() { ["HTTP_PROXY"] = "", ["http_proxy"] = "", ["ALL_PROXY"] = "", ["all_proxy"] = "" };
    private HeaderRecorder _server = null!;

    public async ValueTask InitializeAsync() => _server = await HeaderRecorder.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _work.Dispose();
    }

    [Fact]
    public async Task The_token_of_auth_provider_oidc_is_used_while_it_holds()
    {
        var token = Token(DateTimeOffset.UtcNow.AddDays(1));
        await WriteAsync($"{{name: oidc, config: {{id-token: {token}}}}}");
        await FetchAsync();
        Assert.Equal("Bearer " + token, Assert.Single(_server.Seen)["Authorization"]);
    }

    [Theory]
    [InlineData("{name: oidc, config: {id-token: EXPIRED}}", "the id-token of auth-provider oidc ended at 2001-09-09 01:46:40Z; kubectl renews it")]
    [InlineData("{name: oidc, config: {}}", "auth-provider oidc has no id-token; kubectl renews it")]
    [InlineData("{name: oidc, config: {id-token: a.b.c}}", "the id-token of auth-provider oidc is no JWT")]
    [InlineData("{name: azure}", "auth-provider azure is gone from Kubernetes since 1.26; use an exec plugin")]
    [InlineData("{name: other}", "auth-provider \"other\" is not known; use an exec plugin")]
    public async Task Another_auth_provider_is_an_error_with_its_remedy(string provider, string told)
    {
        await WriteAsync(provider.Replace("EXPIRED", Token(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000)), StringComparison.Ordinal));
        var run = await FetchAsync();
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Seen);
        await FetchAsync("--token", "t0k3n");
        Assert.Equal("Bearer t0k3n", Assert.Single(_server.Seen)["Authorization"]);
    }

    [Fact]
    public async Task KUBERNETES_MASTER_is_the_server_where_nothing_else_names_one()
    {
        _environment["KUBERNETES_MASTER"] = _server.Address;
        await FetchAsync();
        Assert.Single(_server.Seen);
        await FetchAsync("--server", "http://127.0.0.1:1");
        Assert.Single(_server.Seen);
    }

    [Fact]
    public async Task A_server_without_a_scheme_speaks_HTTP_unless_something_speaks_of_TLS()
    {
        var address = new Uri(_server.Address).Authority;
        await FetchAsync("--server", address);
        Assert.Single(_server.Seen);
        Assert.Contains($"https://{address}", (await FetchAsync("--server", address, "--insecure-skip-tls-verify")).Error, StringComparison.Ordinal);
        Assert.Single(_server.Seen);
    }

    private static string Token(DateTimeOffset end) =>
        "e30." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"exp\":{end.ToUnixTimeSeconds()}}}"))) + ".c2ln";

    private async Task<SealRun> FetchAsync(params string[] flags)
    {
        var run = await SealProgram.RunAsync(SealProgram.Path, ["--fetch-cert", .. flags], [], _work.Path, _environment, TestContext.Current.CancellationToken);
        Assert.Equal(1, run.ExitCode);
        return run;
    }

    private Task WriteAsync(string provider)
    {
        _environment["KUBECONFIG"] = _work.File("kubeconfig");
        return File.WriteAllTextAsync(_work.File("kubeconfig"), $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u} }]
            clusters: [{name: c, cluster: {server: "{{_server.Address}}"} }]
            users: [{name: u, user: {auth-provider: {{provider}} } }]
            """, TestContext.Current.CancellationToken);
    }
}
