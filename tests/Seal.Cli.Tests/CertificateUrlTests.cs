using System.Net;
using System.Net.Sockets;
using System.Text;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Seal.Cli.Tests.Running;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Seal.Cli.Tests;

/// <summary><c>--cert</c> as an address: over TLS and without it, and every way in which that goes wrong.</summary>
public sealed class CertificateUrlTests : IDisposable
{
    private const string Secret = "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: a}, stringData: {a: of-the-test}}";

    private readonly WorkFolder _work = new();
    private readonly TestCertificates _certificates = new();

    public CertificateUrlTests() => File.WriteAllText(_work.File("ca.crt"), _certificates.Pem);

    private static string Pem { get; } = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", "main.crt"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _work.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_fetched_and_sealed_with(bool secure)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(Pem), secure ? _certificates.Issue("127.0.0.1") : null);
        var run = await SealAsync(server.Address + "v1/cert.pem");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("encryptedData", run.OutputText, StringComparison.Ordinal);
        Assert.Equal(Pem, (await RunAsync([], "--fetch-cert", "--cert", server.Address.ToString())).OutputText);
    }

    [Fact]
    public async Task A_server_whose_authority_is_not_trusted_is_refused_with_a_remedy()
    {
        using var others = new TestCertificates();
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(Pem), others.Issue("127.0.0.1"));
        var run = await SealAsync(server.Address.ToString());
        Assert.Matches($"^error: Get \"{server.Address}\": .*certificate.*; \\$SSL_CERT_FILE names authorities to trust, or have the certificate in a file: --cert FILE\n$", Failed(run));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_server_of_another_name_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(Pem), _certificates.Issue("elsewhere.example"));
        Assert.Contains($"Get \"{server.Address}\": ", Failed(await SealAsync(server.Address.ToString())), StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Any_answer_but_200_is_told_by_its_status_as_the_original_tells_it()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync(Pem);
        }, _certificates.Issue("127.0.0.1"));
        Assert.Equal($"error: cannot fetch \"{server.Address}\": 404 Not Found\n", Failed(await SealAsync(server.Address.ToString())));
    }

    [Fact]
    public async Task What_is_no_certificate_is_told_as_in_a_file()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("<!doctype html><title>Sign in</title>"));
        Assert.Contains("data does not contain any valid RSA or ECDSA certificates", Failed(await SealAsync(server.Address.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up_after_a_mebibyte()
    {
        var block = new byte[64 * 1024];
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            try
            {
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // It has gone, as it should.
            }
        }, _certificates.Issue("127.0.0.1"));
        Assert.Equal($"error: Get \"{server.Address}\": the answer is larger than 1 MiB, and so no certificate\n", Failed(await SealAsync(server.Address.ToString())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_does_not_answer_or_not_to_the_end_is_given_up_after_request_timeout(bool begins)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (begins) await context.Response.WriteAsync("-----BEGIN", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        }, _certificates.Issue("127.0.0.1"));
        var run = await SealAsync(server.Address.ToString(), "--request-timeout", "500ms");
        Assert.Equal($"error: Get \"{server.Address}\": no answer within 0.5 s (--request-timeout)\n", Failed(run));
    }

    [Fact]
    public async Task A_port_that_nobody_listens_at_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"https://{listener.LocalEndpoint}/cert.pem";
        listener.Stop();
        Assert.StartsWith($"error: Get \"{address}\": ", Failed(await SealAsync(address)), StringComparison.Ordinal);
    }

    private static string Failed(SealRun run)
    {
        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
        return run.Error;
    }

    private Task<SealRun> SealAsync(string address, params string[] more) => RunAsync(Encoding.UTF8.GetBytes(Secret), ["--cert", address, .. more]);

    private Task<SealRun> RunAsync(byte[] input, params string[] arguments) =>
        SealProgram.RunAsync(SealProgram.Path, arguments, input, _work.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = _work.File("ca.crt"), ["NO_PROXY"] = "*" }, Stop);
}
