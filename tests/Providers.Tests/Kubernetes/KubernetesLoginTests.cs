using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Kubernetes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Kubernetes;

public sealed class KubernetesLoginTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_accounts_token_is_asked_for_by_the_hour()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            seen.Enqueue(context.Request.Headers.Authorization.ToString());
            return context.Response.WriteAsync("""{"metadata":{"name":"app"},"data":{"a":"MQ=="}}""");
        });
        var options = JsonSerializer.SerializeToElement(new { server = new { url = server.Address }, auth = new { serviceAccount = new { name = "app", audiences = new[] { "remote" } } } });
        await using var source = await OpenAsync(options, new MemoryCluster("team-a"));
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
        Assert.Equal("Bearer token of team-a/app for remote lasting 3600 s", Assert.Single(seen));
    }

    [Fact]
    public async Task A_token_is_asked_for_anew_before_it_ends()
    {
        var time = new FakeTimeProvider();
        var asked = 0;
        using var token = new KubernetesToken(_ => Task.FromResult(new ServiceAccountToken($"token {++asked}", time.GetUtcNow() + TimeSpan.FromHours(1))), time);
        Assert.Equal("token 1", await token.ReadAsync(Stop));
        time.Advance(TimeSpan.FromMinutes(49));
        Assert.Equal("token 1", await token.ReadAsync(Stop));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("token 2", await token.ReadAsync(Stop));
    }

    [Fact]
    public async Task A_client_certificate_is_a_login()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        using var identity = certificates.Issue("our-controller");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{\"metadata\":{\"name\":\"app\",\"labels\":{\"who\":\"" + context.Connection.ClientCertificate?.Subject + "\"}}}"), certificate, asksForCertificate: true);
        var cluster = new MemoryCluster("team-a");
        cluster.Put("team-a", "pair", "crt", identity.ExportCertificatePem());
        cluster.Put("team-a", "pair", "key", identity.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        cluster.Put("team-a", "authority", "ca.crt", certificates.Pem);
        var options = JsonSerializer.SerializeToElement(new
        {
            server = new { url = server.Address, caProvider = new { type = "Secret", name = "authority" } },
            auth = new { cert = new { clientCert = new { name = "pair", key = "crt" }, clientKey = new { name = "pair", key = "key" } } },
        });
        await using var source = await OpenAsync(options, cluster);
        Assert.Equal("CN=our-controller", await source.TextAsync(new("app", "labels.who", FetchMetadata: true)));
    }

    [Fact]
    public async Task A_kubeconfig_may_hold_a_client_certificate()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        using var identity = certificates.Issue("our-controller");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{\"metadata\":{\"name\":\"app\",\"labels\":{\"who\":\"" + context.Connection.ClientCertificate?.Subject + "\"}}}"), certificate, asksForCertificate: true);
        static string Data(string pem) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem));
        var cluster = new MemoryCluster("team-a");
        cluster.Put("team-a", "kubeconfig", "config", $$$"""
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: "{{{server.Address}}}", certificate-authority-data: {{{Data(certificates.Pem)}}} } }]
            users: [{name: u, user: {client-certificate-data: {{{Data(identity.ExportCertificatePem())}}}, client-key-data: {{{Data(identity.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}}} } }]
            """);
        await using var source = await OpenAsync(JsonSerializer.SerializeToElement(new { authRef = new { name = "kubeconfig", key = "config" } }), cluster);
        Assert.Equal("CN=our-controller", await source.TextAsync(new("app", "labels.who", FetchMetadata: true)));
    }

    [Theory]
    [InlineData("client-certificate-data: eA==", "which go together")]
    [InlineData("client-certificate-data: eA==, client-key-data: eA==", "is no PEM certificate with its key")]
    [InlineData("exec: {command: /bin/sh}", "user.exec")]
    [InlineData("tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token", "user.tokenFile")]
    [InlineData("client-key: /etc/key", "user.client-key")]
    [InlineData("as: admin", "user.as")]
    [InlineData("", "neither a token nor a client certificate")]
    [InlineData("token: [", "is no YAML at line")]
    public void A_kubeconfig_says_only_what_stands_in_it(string user, string problem)
    {
        var text = $"{{current-context: c, contexts: [{{name: c, context: {{cluster: k, user: u}}}}], clusters: [{{name: k, cluster: {{server: 'https://x'}}}}], users: [{{name: u, user: {{{user}}}}}]}}";
        var failure = Assert.Throws<ProviderException>(() => KubeconfigText.Read(text, TimeProvider.System));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "exactly one of")]
    [InlineData("""{"authRef":{"name":"a","key":"b"},"auth":{"serviceAccount":{"name":"x"}}}""", "exactly one of")]
    [InlineData("""{"authRef":{"name":"a","key":"b","namespace":"other"}}""", "should either be empty or match")]
    [InlineData("""{"authRef":{"name":"a","key":"b"},"server":{"url":"ftp://x"}}""", "is not the address")]
    [InlineData("""{"authRef":{"name":"a","key":"b"},"server":{"caProvider":{"type":"Secret","name":"x","namespace":"team-a"}}}""", "CAProvider.namespace must be empty")]
    [InlineData("""{"authRef":{"name":"a","key":"b"},"remoteNamespace":"../kube-system"}""", "is no name of a namespace")]
    public void What_is_wrong_with_a_store_is_said_before_it_is_used(string options, string problem)
    {
        using var document = JsonDocument.Parse(options);
        Assert.Contains(problem, Assert.Single(new KubernetesProvider().Check(new StoreDescription("SecretStore", "kube", "team-a", document.RootElement))), StringComparison.Ordinal);
    }

    private static Task<ISecretSource> OpenAsync(JsonElement options, MemoryCluster cluster)
    {
        var context = new StoreContext(new StoreDescription("SecretStore", "kube", "team-a", options), cluster, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), null, TimeProvider.System);
        return new KubernetesProvider().OpenAsync(context, Stop);
    }
}
