using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Controller.Kube;
using k8s;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class KubeConnectionTests : IDisposable
{
    private readonly TestAuthority authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task A_certificate_of_the_clusters_authority_for_this_host_is_accepted()
    {
        using var certificate = authority.Issue("127.0.0.1");
        await using var server = await StartAsync(certificate);
        Assert.Equal("{}", await GetAsync(server, new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate] }));
    }

    [Fact]
    public async Task A_certificate_of_the_clusters_authority_for_another_host_is_refused()
    {
        using var certificate = authority.Issue("another-service.default.svc");
        await using var server = await StartAsync(certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate] }));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue("127.0.0.1");
        await using var server = await StartAsync(certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate] }));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_of_a_private_authority_is_refused_when_none_is_configured()
    {
        using var certificate = authority.Issue("127.0.0.1");
        await using var server = await StartAsync(certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new KubernetesClientConfiguration()));
    }

    [Fact]
    public async Task The_name_to_check_can_be_set_by_tls_server_name()
    {
        using var certificate = authority.Issue("kubernetes.default");
        await using var server = await StartAsync(certificate);
        Assert.Equal("{}", await GetAsync(server, new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate], TlsServerName = "kubernetes.default" }));
    }

    [Fact]
    public async Task Any_certificate_will_do_when_the_kubeconfig_asks_not_to_look()
    {
        using var certificate = authority.Issue("another-service.default.svc");
        await using var server = await StartAsync(certificate);
        Assert.Equal("{}", await GetAsync(server, new KubernetesClientConfiguration { SkipTlsVerify = true }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_certificate_is_shown_whether_the_kubeconfig_holds_it_or_names_its_file(bool inFiles)
    {
        using var certificate = authority.Issue("127.0.0.1");
        using var mine = authority.Issue("me");
        string? seen = null;
        await using var server = await ScriptedServer.StartAsync(
            context =>
            {
                seen = context.Connection.ClientCertificate?.Thumbprint;
                return context.Response.WriteAsync("{}", Cancel);
            },
            certificate);
        var (pem, key) = (mine.ExportCertificatePem(), mine.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (pemFile, keyFile) = (Path.Combine(folder.FullName, "pem"), Path.Combine(folder.FullName, "key"));
            await File.WriteAllTextAsync(pemFile, pem, Cancel);
            await File.WriteAllTextAsync(keyFile, key, Cancel);
            await GetAsync(server, inFiles
                ? new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate], ClientCertificateFilePath = pemFile, ClientKeyFilePath = keyFile }
                : new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate], ClientCertificateData = Base64(pem), ClientCertificateKeyData = Base64(key) });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        Assert.Equal(mine.Thumbprint, seen);
    }

    [Fact]
    public void A_client_certificate_that_is_none_is_refused()
    {
        var configuration = new KubernetesClientConfiguration { Host = "https://127.0.0.1:1", ClientCertificateData = Base64("no certificate"), ClientCertificateKeyData = Base64("no key") };
        Assert.Throws<KubeConfigurationException>(() => new KubeConnection(configuration));
    }

    [Fact]
    public async Task Credentials_go_with_each_request()
    {
        string? seen = null;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            seen = context.Request.Headers.Authorization;
            return context.Response.WriteAsync("{}", Cancel);
        });
        await GetAsync(server, new KubernetesClientConfiguration { AccessToken = "t0ken" });
        Assert.Equal("Bearer t0ken", seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not: [a, kubeconfig")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: gone\n")]
    public void A_kubeconfig_of_no_use_is_refused_with_its_path(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var exception = Assert.Throws<KubeConfigurationException>(() => KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = path }));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_kubeconfig_that_is_not_there_is_refused_with_its_path()
    {
        var exception = Assert.Throws<KubeConfigurationException>(() => KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = "/nowhere/kubeconfig" }));
        Assert.Contains("/nowhere/kubeconfig", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Going on would be as anonymous, and the server's refusal would tell nothing of why.</summary>
    [Theory]
    [InlineData("", "missing token or clientCertificateData")]
    [InlineData("\"token\":\"\"", "missing token or clientCertificateData")]
    [InlineData("\"clientKeyData\":\"PEM\"", "missing token or clientCertificateData")]
    [InlineData("\"clientCertificateData\":\"PEM\"", "cannot read the configuration of the API server from")]
    public void A_credential_plugin_that_gives_no_whole_credential_is_refused(string status, string expected)
    {
        var told = RefuseAnswer($$"""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{ {{status}} } }""");
        Assert.Contains(expected, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("error: hunter2 is no password")]
    public void A_credential_plugin_that_answers_with_no_JSON_is_refused_in_one_line(string answer)
    {
        var told = RefuseAnswer(answer);
        Assert.StartsWith("cannot read the configuration of the API server from ", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
    }

    /// <summary>Why a kubeconfig is refused whose plugin answers this.</summary>
    private static string RefuseAnswer(string text)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (path, answer) = (Path.Combine(folder.FullName, "kubeconfig"), Path.Combine(folder.FullName, "answer"));
            File.WriteAllText(answer, text);
            File.WriteAllText(path, $$"""
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u} }]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"} }]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: cat, args: ["{{answer}}"]} } }]
                """);
            return Assert.Throws<KubeConfigurationException>(() => KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = path })).Message;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Task<ScriptedServer> StartAsync(X509Certificate2 certificate) =>
        ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel), certificate);

    private static async Task<string> GetAsync(ScriptedServer server, KubernetesClientConfiguration configuration)
    {
        configuration.Host = server.Address.ToString();
        using var connection = new KubeConnection(configuration);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(connection.BaseUri, "version"));
        using var answer = await connection.SendAsync(request, Cancel);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }
}
