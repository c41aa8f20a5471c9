using GitOpsSecrets.Providers.Generators.Webhook;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Generators;

public sealed class WebhookGeneratorTests
{
    private readonly WebhookGenerator generator = new();

    [Fact]
    public async Task The_keys_are_those_of_the_object_that_the_path_finds()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("""{"data":{"user":"app","port":5432,"more":{"b":1}},"other":1}"""));
        var webhooks = new GeneratorSetUp(generator);

        var values = await webhooks.TextsAsync($$$"""{"url":"{{{server.Address}}}","result":{"jsonPath":"$.data"}}""");

        Assert.Equal(new() { ["more"] = """{"b":1}""", ["port"] = "5432", ["user"] = "app" }, values);
    }

    [Fact]
    public async Task Method_headers_and_body_are_sent_with_the_secrets_of_their_templates()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var seen = $"{context.Request.Method} {context.Request.Path} {context.Request.Headers["X-Token"]} {await reader.ReadToEndAsync(TestContext.Current.CancellationToken)}";
            await context.Response.WriteAsync($$"""{"seen":"{{seen}}"}""");
        });
        var webhooks = SetUp("team-a", "t0ken");
        var spec = $$$"""{"method":"POST","url":"{{{server.Address}}}make","headers":{"X-Token":"{{ .login.token }}"},"body":"for {{ .remoteRef.namespace }}","result":{},"secrets":[{"name":"login","secretRef":{"name":"api"}}]}""";

        Assert.Empty(webhooks.Check(spec));
        Assert.Equal("POST /make t0ken for team-a", (await webhooks.TextsAsync(spec))["seen"]);
    }

    [Fact]
    public async Task Calls_for_several_namespaces_at_once_do_not_mix_their_secrets()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync($$"""{"token":"{{context.Request.Headers["X-Token"]}}"}"""));
        var spec = $$$"""{"url":"{{{server.Address}}}","headers":{"X-Token":"{{ .login.token }}"},"result":{},"secrets":[{"name":"login","secretRef":{"name":"api"}}]}""";
        var namespaces = Enumerable.Range(0, 16).Select(number => $"team-{number}").ToArray();

        var answers = await Task.WhenAll(namespaces.Select(name => SetUp(name, $"of {name}").TextsAsync(spec)));

        Assert.Equal(namespaces.Select(name => $"of {name}"), answers.Select(values => values["token"]));
    }

    [Fact]
    public async Task A_Secret_that_is_not_marked_for_webhooks_is_sent_nowhere()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        var webhooks = new GeneratorSetUp(generator);
        webhooks.Cluster.Put("team-a", "api", "token", "t0ken");

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => webhooks.GenerateAsync($$$"""{"url":"{{{server.Address}}}","result":{},"secrets":[{"name":"login","secretRef":{"name":"api"}}]}"""));

        Assert.Equal(ProviderFailureKind.Denied, refusal.Kind);
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData(404, "secret text")]
    [InlineData(200, "secret text")]
    [InlineData(200, """["secret text"]""")]
    public async Task An_answer_that_is_no_object_is_told_and_not_repeated(int status, string body)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => new GeneratorSetUp(generator).GenerateAsync($$$"""{"url":"{{{server.Address}}}","result":{}}"""));

        Assert.Equal(ProviderFailureKind.Invalid, refusal.Kind);
        Assert.DoesNotContain("secret text", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.org","result":{}}""", "spec.url")]
    [InlineData("""{"url":"http://example.org/{{","result":{}}""", "spec.url")]
    [InlineData("""{"url":"http://example.org","timeout":"soon","result":{}}""", "spec.timeout")]
    [InlineData("""{"url":"http://example.org","auth":{"ntlm":{"usernameSecret":{"name":"a","key":"u","namespace":"team-b"},"passwordSecret":{"name":"a","key":"p"}}},"result":{}}""", "spec.auth.ntlm.usernameSecret.namespace")]
    public async Task A_spec_that_makes_no_request_is_refused_by_the_field_that_is_wrong(string spec, string field)
        => Assert.StartsWith(field, await new GeneratorSetUp(generator).RefusalAsync(spec), StringComparison.Ordinal);

    private GeneratorSetUp SetUp(string @namespace, string token)
    {
        var webhooks = new GeneratorSetUp(generator, @namespace);
        webhooks.Cluster.Put(@namespace, "api", "token", token);
        webhooks.Cluster.Label(@namespace, "api", "external-secrets.io/type", "webhook");
        return webhooks;
    }
}
