using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Github;
using GitOpsSecrets.Providers.Generators.Quay;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Generators that exchange one proof for a token, over TLS.</summary>
public sealed class TokenGeneratorTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly MemoryCluster cluster = new("team-a");
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1_767_225_600));
    private readonly RSA key = RSA.Create(2048);
    private RequestDelegate answer = context => context.Response.WriteAsync("{}");
    private LoopbackServer server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await LoopbackServer.StartAsync(context => answer(context), certificates.Issue("127.0.0.1"));
        cluster.Put("team-a", "app", "pem", key.ExportRSAPrivateKeyPem());
        cluster.Put("team-a", "app", "nonsense", "-----BEGIN NOTHING-----");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates.Dispose();
        key.Dispose();
    }

    [Fact]
    public async Task A_GitHub_app_gets_a_token_for_what_it_asks_for()
    {
        JsonNode? body = null;
        string? authorization = null;
        answer = async context =>
        {
            Assert.Equal(("POST", "/api/v3/app/installations/42/access_tokens"), (context.Request.Method, context.Request.Path.Value));
            body = await JsonNode.ParseAsync(context.Request.Body);
            authorization = context.Request.Headers.Authorization;
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync("""{"token":"ghs_made","expires_at":"2026-01-01T01:00:00Z"}""");
        };
        using var made = await new GithubGenerator().GenerateAsync(Request(Github("pem")), Stop);
        Assert.Equal("ghs_made", Text(made, "token"));
        Assert.Equal(time.GetUtcNow().AddHours(1), made.ExpiresAt);
        Assert.Equal("""{"permissions":{"contents":"read"},"repositories":["one"]}""", body!.ToJsonString());
        var parts = authorization!["Bearer ".Length..].Split('.');
        Assert.Equal("""{"iss":"7","iat":1767225590,"exp":1767225900}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData(401, """{"message":"A JSON web token could not be decoded"}""", ProviderFailureKind.Denied, "could not be decoded")]
    [InlineData(422, """{"message":"no such repository"}""", ProviderFailureKind.Invalid, "no such repository")]
    [InlineData(200, "{}", ProviderFailureKind.Invalid, "holds no token")]
    [InlineData(200, "<html>", ProviderFailureKind.Invalid, "holds no token")]
    public async Task What_GitHub_refuses_is_told(int status, string body, ProviderFailureKind kind, string expected)
    {
        answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => new GithubGenerator().GenerateAsync(Request(Github("pem")), Stop));
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_none_is_told_without_a_call()
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => new GithubGenerator().GenerateAsync(Request(Github("nonsense")), Stop));
        Assert.Contains("no RSA private key", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_robot_of_Quay_gets_a_login_for_its_service_account()
    {
        string? authorization = null;
        answer = async context =>
        {
            Assert.Equal("/oauth2/federation/robot/token", context.Request.Path.Value);
            authorization = context.Request.Headers.Authorization;
            await context.Response.WriteAsync(new JsonObject { ["token"] = Jwt(1_767_229_200) }.ToJsonString());
        };
        using var made = await new QuayGenerator().GenerateAsync(Request(Quay()), Stop);
        Assert.Equal("team+robot:token of team-a/app for quay lasting 600 s", Encoding.UTF8.GetString(Convert.FromBase64String(authorization!["Basic ".Length..])));
        Assert.Equal((server.Address.Authority, "2026-01-01T01:00:00Z"), (Text(made, "registry"), Text(made, "expiry")));
        Assert.Equal("team+robot:" + Jwt(1_767_229_200), Encoding.UTF8.GetString(Convert.FromBase64String(Text(made, "auth"))));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_767_229_200), made.ExpiresAt);
    }

    [Theory]
    [InlineData("""{"token":"no end"}""")]
    [InlineData("{}")]
    [InlineData("<html>hunter2</html>")]
    public async Task An_answer_of_Quay_that_makes_no_sense_is_invalid(string body)
    {
        answer = context => context.Response.WriteAsync(body);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => new QuayGenerator().GenerateAsync(Request(Quay()), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Specs_that_cannot_work_are_told()
    {
        Assert.Contains(new GithubGenerator().Check(Request("""{"appID":"1","installID":"2","url":"ftp://files.example","auth":{"privateKey":{"secretRef":{}}}}""")), finding => finding.Contains("spec.url", StringComparison.Ordinal));
        Assert.Empty(new GithubGenerator().Check(Request("""{"appID":"1","installID":"2","url":"http://github.internal","auth":{"privateKey":{"secretRef":{"name":"app","key":"pem"}}}}""")));
        Assert.Contains(new QuayGenerator().Check(Request("""{"robotAccount":"r","url":"quay.io/path","serviceAccountRef":{"name":"a"}}""")), finding => finding.Contains("spec.url", StringComparison.Ordinal));
    }

    private string Github(string item) => $$$"""{"appID":"7","installID":"42","url":"{{{server.Address}}}api/v3","repositories":["one"],"permissions":{"contents":"read"},"auth":{"privateKey":{"secretRef":{"name":"app","key":"{{{item}}}"} } } }""";

    private string Quay() => $$"""{"robotAccount":"team+robot","url":"{{server.Address}}","serviceAccountRef":{"name":"app","audiences":["quay"]} }""";

    private static string Jwt(long end) => $"e30.{Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{{\"exp\":{end}}}"))}.c2ln";

    private static string Text(Generated made, string name) => Encoding.UTF8.GetString(made.Values.Find(name)!);

    private GeneratorRequest Request(string spec)
    {
        using var document = JsonDocument.Parse(spec);
        var http = new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0, Authorities = certificates.Authorities }, TimeProvider.System);
        return new("team-a", document.RootElement.Clone(), cluster, http, new CallLog(), time, RandomNumberGenerator.Create());
    }
}
