using System.Collections.Concurrent;
using GitOpsSecrets.Providers.Generators.Gitlab;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Providers.Tests.Generators;

/// <summary>Against a server that answers as GitLab's page on deploy tokens says. Not tried on GitLab itself.</summary>
public sealed class GitlabGeneratorTests : IAsyncLifetime
{
    private readonly GeneratorSetUp gitlab = new(new GitlabGenerator());
    private readonly ConcurrentQueue<string> seen = new();
    private LoopbackServer server = null!;
    private bool isGone;
    private string? broken;

    public async ValueTask InitializeAsync()
    {
        gitlab.Cluster.Put("team-a", "gitlab", "token", "glpat-not-a-token\n");
        server = await LoopbackServer.StartAsync(AnswerAsync);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_token_is_made_for_a_project_that_is_named_by_its_path()
    {
        var values = await gitlab.TextsAsync(Spec("\"projectID\":\"team-a/app\""));
        Assert.Equal("gitlab+deploy-token-1", values["username"]);
        Assert.Equal("jMRvtPNxrn3crTAGukpZ", values["token"]);
        Assert.Equal("""POST /gitlab/api/v4/projects/team-a%2Fapp/deploy_tokens {"name":"cluster","scopes":["read_registry"]} glpat-not-a-token""", Assert.Single(seen));
    }

    [Fact]
    public async Task One_of_a_group_may_have_a_name_and_an_end()
    {
        await gitlab.TextsAsync(Spec("\"groupID\":\"9\",\"username\":\"bot\",\"expiresAt\":\"2030-01-31T13:00:00+01:00\""));
        Assert.Equal("""POST /gitlab/api/v4/groups/9/deploy_tokens {"name":"cluster","scopes":["read_registry"],"username":"bot","expires_at":"2030-01-31T12:00:00Z"} glpat-not-a-token""", Assert.Single(seen));
    }

    [Fact]
    public async Task Its_state_is_the_original_s_and_holds_no_value()
    {
        using var generated = await gitlab.GenerateAsync(Spec("\"projectID\":\"5\""));
        Assert.Equal($$"""{"url":"{{server.Address}}gitlab/","projectID":"5","tokenID":1}""", generated.State!.Value.GetRawText());
        Assert.Null(generated.ExpiresAt);
    }

    [Fact]
    public async Task What_was_made_is_taken_back_once_and_fine_when_it_is_gone()
    {
        using var generated = await gitlab.GenerateAsync(Spec("\"projectID\":\"5\""));
        await gitlab.CleanUpAsync(Spec("\"projectID\":\"5\""), generated.State!.Value);
        isGone = true;
        await gitlab.CleanUpAsync(Spec("\"projectID\":\"5\""), generated.State!.Value);
        Assert.Equal(2, seen.Count(request => request == "DELETE /gitlab/api/v4/projects/5/deploy_tokens/1  glpat-not-a-token"));
    }

    [Fact]
    public async Task An_error_page_of_another_server_takes_nothing_back()
    {
        using var generated = await gitlab.GenerateAsync(Spec("\"projectID\":\"5\""));
        broken = "<html>not here</html>";
        await Assert.ThrowsAsync<ProviderException>(() => gitlab.CleanUpAsync(Spec("\"projectID\":\"5\""), generated.State!.Value));
    }

    [Theory]
    [InlineData("\"projectID\":\"1\",\"groupID\":\"2\"", "exactly one of spec.projectID or spec.groupID must be set")]
    [InlineData("\"username\":\"x\"", "exactly one of spec.projectID or spec.groupID must be set")]
    [InlineData("\"projectID\":\"1\",\"expiresAt\":\"soon\"", "spec.expiresAt is no time such as 2030-01-31T12:00:00Z")]
    public async Task What_makes_no_sense_is_told(string part, string problem) => Assert.Equal(problem, await gitlab.RefusalAsync(Spec(part)));

    [Fact]
    public async Task An_answer_that_makes_no_sense_is_not_quoted()
    {
        broken = "hunter2";
        var failure = await Assert.ThrowsAsync<ProviderException>(() => gitlab.GenerateAsync(Spec("\"projectID\":\"5\"")));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    private string Spec(string part) =>
        $$$"""{"url":"{{{server.Address}}}gitlab/","name":"cluster","scopes":["read_registry"],"auth":{"token":{"secretRef":{"name":"gitlab","key":"token"}} },{{{part}}} }""";

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        seen.Enqueue($"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget} {body} {context.Request.Headers["PRIVATE-TOKEN"]}");
        if (context.Request.Method == "DELETE")
        {
            context.Response.StatusCode = isGone || broken is not null ? 404 : 204;
            if (isGone || broken is not null) await context.Response.WriteAsync(broken ?? """{"message":"404 Deploy Token Not Found"}""", context.RequestAborted);
            return;
        }
        context.Response.StatusCode = 201;
        await context.Response.WriteAsync(broken ?? """
            {"id":1,"name":"cluster","username":"gitlab+deploy-token-1","expires_at":"2021-01-01T00:00:00.000Z","token":"jMRvtPNxrn3crTAGukpZ","revoked":false,"expired":false,"scopes":["read_registry"]}
            """, context.RequestAborted);
    }
}
