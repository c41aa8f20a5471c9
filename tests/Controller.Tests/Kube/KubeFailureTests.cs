using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using k8s;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Kube;

/// <summary>What the log says when no answer comes: which server, and why; never what its address holds besides.</summary>
public sealed class KubeFailureTests : IDisposable
{
    private static readonly KubeKind<JsonObject> ConfigMaps = KubeKind.Untyped(new KubeResource("", "v1", "configmaps"));

    private readonly FakeTimeProvider time = new();
    private readonly TestAuthority authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => authority.Dispose();

    [Theory]
    [InlineData("https://somebody:hunter2@127.0.0.1:1", "cannot reach the API server at 127.0.0.1:1: connection refused: nothing listens there")]
    [InlineData("https://[::ffff:127.0.0.1]:1", "cannot reach the API server at [::ffff:127.0.0.1]:1: connection refused: nothing listens there")]
    [InlineData("https://api.cluster.invalid/path?token=hunter2", "cannot reach the API server at api.cluster.invalid:443: the name cannot be resolved")]
    public async Task A_server_that_is_not_there_is_named_with_the_cause(string address, string told) =>
        Assert.Equal(told, await FailAsync(new Uri(address)));

    [Fact]
    public async Task A_certificate_of_another_authority_is_told()
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue("127.0.0.1");
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel), certificate);
        Assert.Equal(Unreachable(server, "its certificate is not from the authority that the kubeconfig or the service account names"), await FailAsync(server.Address));
    }

    [Fact]
    public async Task A_certificate_where_no_authority_was_given_is_told()
    {
        using var certificate = authority.Issue("127.0.0.1");
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel), certificate);
        var told = await FailAsync(server.Address, new KubernetesClientConfiguration());
        Assert.Equal(Unreachable(server, "its certificate is from no authority that this machine trusts, and the kubeconfig names none"), told);
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("kubernetes.default", "kubernetes.default")]
    public async Task A_certificate_for_another_name_is_told_with_the_name_that_was_expected(string? serverName, string told)
    {
        using var certificate = authority.Issue("another.example");
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel), certificate);
        var failure = await FailAsync(server.Address, new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate], TlsServerName = serverName });
        Assert.Equal(Unreachable(server, $"its certificate is not made out to {told}"), failure);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_told()
    {
        using var certificate = authority.Issue("127.0.0.1", TimeSpan.FromHours(1));
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel), certificate);
        Assert.Equal(Unreachable(server, "its certificate, or that of its authority, has expired or is not valid yet by this machine's clock"), await FailAsync(server.Address));
    }

    [Fact]
    public async Task A_server_without_TLS_is_told()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel));
        Assert.Equal(Unreachable(server, "no TLS connection comes about; does it speak HTTPS there, and TLS 1.2 or later?"), await FailAsync(new UriBuilder(server.Address) { Scheme = "https" }.Uri));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_told_with_the_time_it_had()
    {
        await using var server = await ScriptedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var failure = FailAsync(server.Address);
        await Eventually.TrueAsync(() => server.Requests.Count == 1);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Unreachable(server, "it did not answer within 60 s"), await failure);
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_told()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        Assert.Equal(Unreachable(server, "the connection broke off"), await FailAsync(server.Address));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_told()
    {
        var (address, failure) = await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
        Assert.Equal($"the answer of the API server at {address} to GET did not come to its end: the connection broke off", failure);
    }

    [Fact]
    public async Task What_does_not_speak_HTTP_is_told()
    {
        var (address, failure) = await AnswerAsync("220 mail.example ESMTP\r\n");
        Assert.Equal($"cannot reach the API server at {address}: what it answers is not HTTP as it should be", failure);
    }

    [Fact]
    public async Task Credentials_that_are_gone_are_no_fault_of_the_server()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel));
        var configuration = new KubernetesClientConfiguration { TokenProvider = new k8s.Authentication.TokenFileAuth("/nowhere/token") };
        Assert.Equal($"no credentials for the API server at {server.Address.Authority}: DirectoryNotFoundException", await FailAsync(server.Address, configuration));
        Assert.Empty(server.Requests);
    }

    private static string Unreachable(ScriptedServer server, string cause) => $"cannot reach the API server at {server.Address.Authority}: {cause}";

    /// <summary>A server that says this to whatever it is asked, and hangs up.</summary>
    private async Task<(EndPoint Address, string Failure)> AnswerAsync(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var failure = FailAsync(new Uri($"http://{listener.LocalEndpoint}"));
        using var connection = await listener.AcceptSocketAsync(Cancel);
        await connection.ReceiveAsync(new byte[4096], Cancel);
        await connection.SendAsync(Encoding.UTF8.GetBytes(answer), Cancel);
        connection.Shutdown(SocketShutdown.Send);
        return (listener.LocalEndpoint, await failure);
    }

    private async Task<string> FailAsync(Uri address, KubernetesClientConfiguration? configuration = null)
    {
        configuration ??= new KubernetesClientConfiguration { SslCaCerts = [authority.Certificate] };
        configuration.Host = address.ToString();
        using var connection = new KubeConnection(configuration);
        var client = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, time));
        return KubeFailure.Describe(await Assert.ThrowsAsync<KubeTransportException>(() => client.GetAsync(ConfigMaps, new NamespacedName("team", "a"), Cancel)));
    }
}
