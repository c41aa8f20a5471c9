using System.Collections.Concurrent;
using System.Text;
using GitOpsSecrets.Providers.Generators.Grafana;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Against a server that answers as Grafana's pages on service accounts say. Not tried on Grafana itself.</summary>
public sealed class GrafanaGeneratorTests : IAsyncLifetime
{
    private readonly GeneratorSetUp grafana = new(new GrafanaGenerator());
    private readonly ConcurrentQueue<string> seen = new();
    private readonly HashSet<long> tokens = [];
    private LoopbackServer server = null!;
    private bool hasAccount;
    private string? broken;

    public async ValueTask InitializeAsync()
    {
        grafana.Cluster.Put("team-a", "grafana", "token", "glsa_not-a-token\n");
        grafana.Cluster.Put("team-a", "grafana", "password", "not-a-password");
        server = await LoopbackServer.StartAsync(AnswerAsync);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_token_is_made_for_an_account_that_is_made_once()
    {
        var values = await grafana.TextsAsync(Spec());
        Assert.Equal("sa-1-bot", values["login"]);
        Assert.Equal("glsa_made-1", values["token"]);
        await grafana.TextsAsync(Spec());
        Assert.Single(seen, request => request.StartsWith("POST /grafana/api/serviceaccounts {", StringComparison.Ordinal));
        Assert.Contains(seen, request => request.StartsWith("POST /grafana/api/serviceaccounts {\"name\":\"bot\",\"role\":\"Viewer\"} Bearer glsa_not-a-token", StringComparison.Ordinal));
        Assert.Contains(seen, request => request.StartsWith("POST /grafana/api/serviceaccounts/7/tokens", StringComparison.Ordinal) && request.Contains("\"secondsToLive\":3600", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_says_when_it_ends_and_its_state_holds_no_value()
    {
        using var generated = await grafana.GenerateAsync(Spec());
        Assert.Equal(grafana.Time.GetUtcNow().AddHours(1), generated.ExpiresAt);
        Assert.Equal("""{"serviceAccount":{"id":7,"login":"sa-1-bot","tokenID":1}}""", generated.State!.Value.GetRawText());
    }

    [Fact]
    public async Task An_account_that_is_there_keeps_its_role_and_another_in_the_spec_is_told()
    {
        using var first = await grafana.GenerateAsync(Spec());
        using var same = await grafana.GenerateAsync(Spec());
        using var other = await grafana.GenerateAsync(Spec(role: "Admin"));
        Assert.Equal([[], [], ["spec.serviceAccount.role"]], new[] { first.Unused, same.Unused, other.Unused });
    }

    [Fact]
    public async Task What_was_made_is_taken_back_once_and_fine_when_it_is_gone()
    {
        using var generated = await grafana.GenerateAsync(Spec());
        await grafana.CleanUpAsync(Spec(), generated.State!.Value);
        Assert.Empty(tokens);
        await grafana.CleanUpAsync(Spec(), generated.State!.Value);
        Assert.Equal(2, seen.Count(request => request.StartsWith("DELETE /grafana/api/serviceaccounts/7/tokens/1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_error_page_of_another_server_takes_nothing_back()
    {
        using var generated = await grafana.GenerateAsync(Spec());
        broken = "<html>not here</html>";
        await Assert.ThrowsAsync<ProviderException>(() => grafana.CleanUpAsync(Spec(), generated.State!.Value));
    }

    [Fact]
    public async Task A_name_and_a_password_log_in_too()
    {
        await grafana.TextsAsync(Spec(auth: """{"basic":{"username":"admin","password":{"name":"grafana","key":"password"}}}"""));
        Assert.All(seen, request => Assert.EndsWith("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:not-a-password")), request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_makes_no_sense_is_told()
    {
        Assert.Equal("spec.url is not an http or https address", await grafana.RefusalAsync("""{"url":"x","serviceAccount":{"name":"bot","role":"Viewer"},"auth":{"token":{"name":"a","key":"b"}}}"""));
        Assert.Equal("spec.serviceAccount.role must be one of Viewer, Editor, Admin, None", await grafana.RefusalAsync(Spec(role: "Root")));
        Assert.Equal("spec.auth must have token or basic", await grafana.RefusalAsync(Spec(auth: "{}")));
    }

    [Fact]
    public async Task An_answer_that_makes_no_sense_is_not_quoted()
    {
        broken = "hunter2";
        var failure = await Assert.ThrowsAsync<ProviderException>(() => grafana.GenerateAsync(Spec()));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    private string Spec(string role = "Viewer", string auth = """{"token":{"name":"grafana","key":"token"}}""") =>
        $$"""{"url":"{{server.Address}}grafana","serviceAccount":{"name":"bot","role":"{{role}}","secondsToLive":3600},"auth":{{auth}}}""";

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        seen.Enqueue($"{context.Request.Method} {target} {body} {context.Request.Headers.Authorization}");
        if (broken is not null)
        {
            context.Response.StatusCode = context.Request.Method == "DELETE" ? 404 : 200;
            await context.Response.WriteAsync(broken, context.RequestAborted);
            return;
        }

        var answer = (context.Request.Method, target) switch
        {
            ("GET", "/grafana/api/serviceaccounts/search?query=bot&perpage=1000&page=1") => hasAccount
                ? """{"totalCount":2,"serviceAccounts":[{"id":6,"name":"robot","login":"sa-1-robot"},{"id":7,"name":"bot","login":"sa-1-bot","role":"Viewer"}]}"""
                : """{"totalCount":1,"serviceAccounts":[{"id":6,"name":"robot","login":"sa-1-robot"}]}""",
            ("POST", "/grafana/api/serviceaccounts") => MakeAccount(),
            ("POST", "/grafana/api/serviceaccounts/7/tokens") => MakeToken(),
            ("DELETE", "/grafana/api/serviceaccounts/7/tokens/1") => tokens.Remove(1) ? """{"message":"Service account token deleted"}""" : null,
            _ => throw new InvalidOperationException(target),
        };
        if (answer is null) context.Response.StatusCode = 404;
        await context.Response.WriteAsync(answer ?? """{"message":"service account token not found"}""", context.RequestAborted);
    }

    private string MakeAccount()
    {
        hasAccount = true;
        return """{"id":7,"name":"bot","login":"sa-1-bot","role":"Viewer","tokens":0}""";
    }

    private string MakeToken()
    {
        tokens.Add(tokens.Count + 1);
        return $$"""{"id":{{tokens.Count}},"name":"some","key":"glsa_made-{{tokens.Count}}"}""";
    }
}
