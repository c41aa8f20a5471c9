using GitOpsSecrets.Providers.Generators.Beyondtrust;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Against a server that answers as BeyondTrust's pages on its secrets API say. Not tried on BeyondTrust itself.</summary>
public sealed class BeyondtrustGeneratorTests : IAsyncLifetime
{
    private const string Site = "11111111-2222-4333-8444-555555555555";
    private readonly GeneratorSetUp beyondtrust = new(new BeyondtrustGenerator());
    private readonly TestCertificates certificates = new();
    private LoopbackServer server = null!;
    private string answer = """{"secret":{"accessKeyId":"ASIA1","secretAccessKey":"hunter2","sessionToken":"of-the-session","leaseId":"lease-1","expiration":"2026-01-01T01:00:00Z"}}""";
    private string seen = "";
    private int status = 201;

    public async ValueTask InitializeAsync()
    {
        server = await LoopbackServer.StartAsync(AnswerAsync, certificates.Issue("127.0.0.1"));
        beyondtrust.Cluster.Put("team-a", "beyondtrust", "token", "not-a-token\n");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task A_dynamic_secret_gives_credentials_that_say_when_they_end()
    {
        using var generated = await beyondtrust.GenerateAsync(Spec("production/aws/reader"));
        Assert.Equal($"POST /site/{Site}/secrets/dynamic/reader/generate?folder=production%2Faws Bearer not-a-token 2026-04-28", seen);
        Assert.Equal(["accessKeyId", "expiration", "leaseId", "secretAccessKey", "sessionToken"], generated.Values.Keys);
        Assert.Equal("hunter2"u8.ToArray(), generated.Values.Find("secretAccessKey"));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero), generated.ExpiresAt);
        // Nothing takes them back, in the original neither.
        Assert.Null(generated.State);
    }

    [Fact]
    public async Task A_secret_may_lie_in_no_folder_and_give_no_session()
    {
        answer = """{"secret":{"accessKeyId":"AKIA1","secretAccessKey":"hunter2","sessionToken":"","leaseId":"lease-1","expiration":"soon"}}""";
        using var generated = await beyondtrust.GenerateAsync(Spec("reader"));
        Assert.StartsWith($"POST /site/{Site}/secrets/dynamic/reader/generate Bearer", seen, StringComparison.Ordinal);
        Assert.Equal(["accessKeyId", "expiration", "leaseId", "secretAccessKey"], generated.Values.Keys);
        Assert.Null(generated.ExpiresAt);
    }

    [Theory]
    [InlineData("""{"secret":{"accessKeyId":"ASIA1","secretAccessKey":"hunter2"}}""", "leaseId")]
    [InlineData("""{"secret":"hunter2"}""", "accessKeyId")]
    [InlineData("<html>hunter2</html>", "accessKeyId")]
    public async Task An_answer_that_makes_no_sense_is_told_and_not_quoted(string body, string missing)
    {
        answer = body;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => beyondtrust.GenerateAsync(Spec("reader")));
        Assert.Equal((ProviderFailureKind.Invalid, $"the answer of BeyondTrust Workload Credentials has no {missing}: is spec.provider.server right?"), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData(401, ProviderFailureKind.Denied)]
    [InlineData(404, ProviderFailureKind.Invalid)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    public async Task A_failure_is_known_by_its_kind(int code, ProviderFailureKind kind)
    {
        status = code;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => beyondtrust.GenerateAsync(Spec("reader")));
        Assert.Equal(kind, failure.Kind);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_there_asks_nobody()
    {
        await Assert.ThrowsAsync<ProviderException>(() => beyondtrust.GenerateAsync(Spec("reader").Replace("\"token\":{\"name\":\"beyondtrust\"", "\"token\":{\"name\":\"absent\"", StringComparison.Ordinal)));
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData("http://api.example/site", Site, "reader", "", "spec.provider.server.apiUrl is not an https address")]
    [InlineData("https://api.example/site", "../other", "reader", "", "spec.provider.server.siteId is not a UUID")]
    [InlineData("https://api.example/site", Site, "folder/", "", "spec.provider.folderPath must end in the name of a dynamic secret")]
    [InlineData("https://api.example/site", Site, "folder/..", "", "spec.provider.folderPath must end in the name of a dynamic secret")]
    [InlineData("https://api.example/site", Site, "reader", "team-b", "namespace")]
    public async Task A_spec_that_cannot_work_is_refused(string url, string site, string path, string @namespace, string problem) =>
        Assert.Contains(problem, await beyondtrust.RefusalAsync(Spec(path, url, site, @namespace)), StringComparison.Ordinal);

    private string Spec(string path, string? url = null, string site = Site, string @namespace = "") => $$$"""
        {"retrySettings":{"maxRetries":0},"provider":{"server":{"apiUrl":"{{{url ?? server.Address + "site/"}}}","siteId":"{{{site}}}" },"folderPath":"{{{path}}}",
        "caBundle":"{{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificates.Pem))}}}",
        "auth":{"apikey":{"token":{"name":"beyondtrust","namespace":"{{{@namespace}}}","key":"token"} } } } }
        """;

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        seen = $"{request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget} {request.Headers.Authorization} {request.Headers["bt-secrets-api-version"]}";
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer);
    }
}
