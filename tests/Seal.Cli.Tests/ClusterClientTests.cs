using System.Net;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Tests.Running;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary>How the command reaches a cluster: the pod's own account, proxies, acting as another.</summary>
public sealed class ClusterClientTests : IDisposable
{
    private readonly WorkFolder _work = new();
    private readonly Dictionary<string, string> _environment = new()
    {
        // Whatever proxy this machine has is none of the tests'.
        ["HTTPS_PROXY"] = "",
        ["https_proxy"] = "",
        ["HTTP_PROXY"] = "",
        ["http_proxy"] = "",
        ["ALL_PROXY"] = "",
        ["all_proxy"] = "",
        ["NO_PROXY"] = "",
        ["no_proxy"] = "",
    };

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task In_a_pod_its_service_account_is_used()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        var server = new Uri(api.Address);
        await WriteAsync("token", api.AdminToken + "\n");
        await WriteAsync("namespace", "team-a\n");
        var account = Account(("KUBERNETES_SERVICE_HOST", server.Host), ("KUBERNETES_SERVICE_PORT", $"{server.Port}"));
        Assert.Equal("team-a", account.Namespace());
        var settings = account.Settings()!;
        Assert.Equal("in-cluster", settings.ContextName);
        using var transport = await KubeTransport.OpenAsync(settings with { RequestTimeout = Timeout.InfiniteTimeSpan }, TestContext.Current.CancellationToken);
        var (status, _, _) = await transport.SendAsync(HttpMethod.Get, "/api/v1/namespaces/kube-system/services/sealed-secrets-controller", null, "", "application/json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_pod_in_an_IPv6_cluster_gets_brackets()
    {
        await WriteAsync("token", "t");
        await WriteAsync("ca.crt", "");
        Assert.Equal("https://[fd00::1]/", Account(("KUBERNETES_SERVICE_HOST", "fd00::1"), ("KUBERNETES_SERVICE_PORT", "443")).Settings()!.Server.ToString());
    }

    [Fact]
    public async Task POD_NAMESPACE_beats_the_file()
    {
        await WriteAsync("namespace", "team-a");
        Assert.Equal("team-b", Account(("POD_NAMESPACE", "team-b")).Namespace());
    }

    [Fact]
    public void Outside_a_pod_there_is_no_service_account()
    {
        Assert.Null(Account(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("KUBERNETES_SERVICE_PORT", "443")).Settings());
        Assert.Null(Account().Namespace());
    }

    [Fact]
    public async Task HTTPS_PROXY_is_used_and_NO_PROXY_is_left_out()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        await using var proxy = new ConnectProxy();
        var api1 = new Uri(api.Address);
        string[] elsewhere = ["--server", $"https://api.example:{api1.Port}", "--tls-server-name", api1.Host];
        _environment["HTTPS_PROXY"] = proxy.Address;
        await FetchAsync(elsewhere);
        Assert.Equal($"api.example:{api1.Port}", Assert.Single(proxy.Asked.Distinct()));
        var asked = proxy.Asked.Count;
        _environment["NO_PROXY"] = _environment["no_proxy"] = ".example";
        Assert.Equal(1, (await RunAsync(["--fetch-cert", .. elsewhere])).ExitCode);
        Assert.Equal(asked, proxy.Asked.Count);
    }

    [Fact]
    public async Task This_machine_is_never_reached_through_a_proxy_of_the_environment()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        _environment["HTTPS_PROXY"] = _environment["HTTP_PROXY"] = "http://127.0.0.1:1";
        await FetchAsync();
    }

    [Fact]
    public async Task A_proxy_of_the_kubeconfig_or_flag_beats_the_environment()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        await using var proxy = new ConnectProxy();
        _environment["HTTPS_PROXY"] = "http://127.0.0.1:1"; // and the flag's holds for this machine, too
        await FetchAsync("--proxy-url", proxy.Address);
        Assert.Equal(new Uri(api.Address).Authority, Assert.Single(proxy.Asked.Distinct()));
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_an_error()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        _environment["HTTPS_PROXY"] = _environment["HTTP_PROXY"] = "http://somebody:hunter2@127.0.0.1:1";
        var run = await RunAsync("--fetch-cert", "--server", "https://api.example:6443");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: cannot reach the API server https://api.example:6443/ through the proxy 127.0.0.1:1: ", run.Error);
        await WriteAsync("item", "1");
        var download = await RunAsync("--cert", "http://certs.example/cert.pem", "--raw", "--scope", "cluster-wide", "--from-file", "item");
        Assert.Equal(1, download.ExitCode);
        Assert.Contains("through the proxy 127.0.0.1:1: ", download.Error);
        Assert.DoesNotContain("hunter2", run.Error + download.Error);
    }

    [Fact]
    public async Task Acting_as_another_is_told_to_the_server()
    {
        await using var server = await HeaderRecorder.StartAsync(TestContext.Current.CancellationToken);
        var run = await RunAsync("--fetch-cert", "--server", server.Address, "--token", "t0k3n", "--as", "system:serviceaccount:a:b", "--as-group", "one,two", "--as-group", "three", "--as-uid", "42");
        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("t0k3n", run.Error);
        var headers = Assert.Single(server.Seen);
        Assert.Equal("Bearer t0k3n", headers["Authorization"]);
        Assert.Equal("system:serviceaccount:a:b", headers["Impersonate-User"]);
        Assert.Equal("42", headers["Impersonate-Uid"]);
        Assert.Equal(["one", "two", "three"], headers["Impersonate-Group"].SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries)));
    }

    [Fact]
    public async Task Acting_as_another_needs_the_right_to()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        await FetchAsync("--as", "root", "--as-group", "system:masters");
        var refused = await RunAsync("--fetch-cert", "--as", "nobody");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("nobody", refused.Error);
        Assert.Contains("forbidden", refused.Error);
    }

    [Fact]
    public async Task A_client_certificate_of_the_flags_says_who_asks()
    {
        await using var api = await TestApi.StartAsync(_work, [], _environment, TestContext.Current.CancellationToken);
        var user = YamlReader.ReadAll(await File.ReadAllTextAsync(_work.File("kubeconfig"), TestContext.Current.CancellationToken)).Single().Root!["users"]![0]!["user"]!;
        foreach (var part in (string[])["certificate", "key"])
            await WriteAsync("client." + part, Encoding.ASCII.GetString(Convert.FromBase64String((string)user[$"client-{part}-data"]!)));
        await WriteAsync("other.key", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem());
        _environment.Remove("KUBECONFIG");
        string[] server = ["--server", api.Address, "--certificate-authority", "ca.crt"];
        Assert.Contains("system:anonymous", await RefusedAsync(server), StringComparison.Ordinal);
        await FetchAsync([.. server, "--client-certificate", "client.certificate", "--client-key", "client.key"]);
        Assert.Contains("without its key (client-key)", await RefusedAsync([.. server, "--client-certificate", "client.certificate"]), StringComparison.Ordinal);
        Assert.Contains("do not belong together", await RefusedAsync([.. server, "--client-certificate", "client.certificate", "--client-key", "other.key"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "gzip")]
    [InlineData("--disable-compression=false", "gzip")]
    [InlineData("--disable-compression", "")]
    public async Task Compressed_answers_are_asked_for_unless_told_not_to(string flag, string accepted)
    {
        await using var server = await HeaderRecorder.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync(["--fetch-cert", "--server", server.Address, .. flag.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(accepted, Assert.Single(server.Seen)["Accept-Encoding"].ToString());
    }

    [Fact]
    public async Task Without_flags_nobody_else_is_named()
    {
        await using var server = await HeaderRecorder.StartAsync(TestContext.Current.CancellationToken);
        await RunAsync("--fetch-cert", "--server", server.Address, "--username", "u", "--password", "p");
        var headers = Assert.Single(server.Seen);
        Assert.Equal("Basic dTpw", headers["Authorization"]);
        Assert.DoesNotContain(headers.Keys, name => name.StartsWith("Impersonate", StringComparison.OrdinalIgnoreCase));
    }

    private ServiceAccount Account(params (string Name, string Value)[] variables) =>
        new(_work.Path, name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    private async Task FetchAsync(params string[] flags)
    {
        var run = await RunAsync(["--fetch-cert", .. flags]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", run.OutputText);
    }

    private async Task<string> RefusedAsync(string[] flags)
    {
        var run = await RunAsync(["--fetch-cert", .. flags]);
        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
        return run.Error;
    }

    private Task<SealRun> RunAsync(params string[] arguments) =>
        SealProgram.RunAsync(SealProgram.Path, arguments, [], _work.Path, _environment, TestContext.Current.CancellationToken);

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(_work.File(name), content, TestContext.Current.CancellationToken);
}
