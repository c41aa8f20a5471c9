using System.Buffers.Text;
using System.Text;
using GitOpsSecrets.Providers.Generators.Cloudsmith;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Against a server that answers as Cloudsmith's pages on OpenID Connect say. Not tried on Cloudsmith itself.</summary>
public sealed class CloudsmithGeneratorTests : IAsyncLifetime
{
    private readonly GeneratorSetUp cloudsmith = new(new CloudsmithGenerator());
    private LoopbackServer server = null!;
    private string answer = "{\"token\":\"" + Token("""{"exp":1767229200}""") + "\"}";
    private string seen = "";
    private int status = 201;

    public async ValueTask InitializeAsync() => server = await LoopbackServer.StartAsync(AnswerAsync);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_service_accounts_token_is_exchanged_for_one_of_Cloudsmith()
    {
        var values = await cloudsmith.TextsAsync(Spec());
        Assert.Equal("""POST /openid/acme/ {"oidc_token":"token of team-a/app for cloudsmith lasting 600 s","service_slug":"reader"}""", seen);
        Assert.Equal("token:" + Token("""{"exp":1767229200}"""), Encoding.UTF8.GetString(Convert.FromBase64String(values["auth"])));
        Assert.Equal("1767229200", values["expiry"]);
    }

    [Fact]
    public async Task It_says_when_it_ends()
    {
        using var generated = await cloudsmith.GenerateAsync(Spec());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1767229200), generated.ExpiresAt);
        Assert.Null(generated.State);
    }

    [Theory]
    [InlineData("""{"token":""}""", "the answer of Cloudsmith has no token: is spec.apiUrl right?")]
    [InlineData("<html>hunter2</html>", "the answer of Cloudsmith has no token: is spec.apiUrl right?")]
    [InlineData("""{"token":"hunter2"}""", "the token of Cloudsmith is no JWT with an end")]
    public async Task An_answer_that_makes_no_sense_is_told_and_not_quoted(string body, string problem)
    {
        answer = body;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => cloudsmith.GenerateAsync(Spec()));
        Assert.Equal((ProviderFailureKind.Invalid, problem), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_service_account_that_is_refused_is_denied()
    {
        status = 401;
        Assert.Equal(ProviderFailureKind.Denied, (await Assert.ThrowsAsync<ProviderException>(() => cloudsmith.GenerateAsync(Spec()))).Kind);
    }

    [Fact]
    public async Task What_makes_no_sense_is_told() => Assert.Equal(
        "spec.apiUrl is not an http or https address; spec.orgSlug is required",
        await cloudsmith.RefusalAsync("""{"apiUrl":"x","orgSlug":"","serviceSlug":"reader","serviceAccountRef":{"name":"app"}}"""));

    private string Spec() => $$$"""{"apiUrl":"{{{server.Address}}}","orgSlug":"acme","serviceSlug":"reader","serviceAccountRef":{"name":"app","audiences":["cloudsmith"]}}""";

    private static string Token(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2lnbmF0dXJl";

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        seen = $"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync(context.RequestAborted)}";
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
