using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>What Google's library would do by itself, and does not do here: its words, its headers, its repetitions and redirects.</summary>
public sealed class GoogleLibraryTests : IAsyncLifetime
{
    private GoogleSetUp set = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        set = await GoogleSetUp.MakeAsync();
        set.Put("db", "value");
    }

    public ValueTask DisposeAsync() => set.DisposeAsync();

    [Theory]
    [InlineData("""{"access_token":"of-the-test","expires_in":"soon"}""")]
    [InlineData("""{"access_token":{"a":"of-the-test"}}""")]
    [InlineData("""{"access_token":"","id_token":"of-the-test"}""")]
    [InlineData("""["of-the-test"]""")]
    [InlineData("of-the-test")]
    public async Task An_answer_without_a_token_is_told_and_not_quoted(string answer)
    {
        await using var tokens = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(answer));
        var failure = await RefusalAsync(tokens);
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain("of-the-test", failure.ToString(), StringComparison.Ordinal);
        Assert.Matches("answered without a token|did not answer with JSON", failure.Message);
    }

    [Fact]
    public async Task The_words_of_a_token_endpoint_are_told_by_us_and_what_was_sent_is_not()
    {
        await using var tokens = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 400;
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "Account not found", ["sent"] = await reader.ReadToEndAsync(Ending) }.ToJsonString(), Ending);
        });
        var failure = await RefusalAsync(tokens);
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("gave error 400 BadRequest: Account not found", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("assertion", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TokenResponseException", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(307)]
    public async Task A_token_endpoint_is_asked_once_and_leads_nowhere_else(int status)
    {
        await using var other = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("""{"access_token":"of-another","expires_in":3600}"""));
        var headers = "";
        await using var tokens = await LoopbackServer.StartAsync(context =>
        {
            headers = string.Join(' ', context.Request.Headers.Keys);
            context.Response.StatusCode = status;
            if (status == 307) context.Response.Headers.Location = other.Address.ToString();
            return Task.CompletedTask;
        });
        await RefusalAsync(tokens);
        Assert.Equal((1, 0), (tokens.Requests, other.Requests));
        Assert.DoesNotContain("User-Agent", headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-goog", headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_client_of_its_own_names_itself()
    {
        var config = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "pool",
            ["client_id"] = "client",
            ["client_secret"] = "of-the-client",
            ["credential_source"] = new JsonObject { ["url"] = $"http://{set.Google.MetadataHost}/computeMetadata/v1/identity?audience=pool", ["headers"] = new JsonObject { ["Metadata-Flavor"] = "Google" } },
        };
        set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.GetTempFileName();
        await File.WriteAllTextAsync(set.Variables["GOOGLE_APPLICATION_CREDENTIALS"], config.ToJsonString(), Ending);
        await using var source = await set.OpenAsync("null");
        Assert.Equal("value", await source.TextAsync(new("db")));
        Assert.Equal("Basic " + Convert.ToBase64String("client:of-the-client"u8), Assert.Single(set.Google.To("/v1/token")).Authorization);
        File.Delete(set.Variables["GOOGLE_APPLICATION_CREDENTIALS"]);
    }

    /// <summary>The library calls a token dead five minutes before its end.</summary>
    [Fact]
    public async Task A_token_of_a_minute_is_enough_to_act_with()
    {
        set.Google.LifetimeSeconds = 60;
        set.Cluster.Annotate("team-a", "app", new Dictionary<string, string>(StringComparer.Ordinal) { ["iam.gke.io/gcp-service-account"] = GoogleSetUp.Email });
        await using var source = await set.OpenAsync("""{"workloadIdentity":{"serviceAccountRef":{"name":"app"}}}""");
        Assert.Equal("value", await source.TextAsync(new("db")));
        Assert.Single(set.Google.To("identitybindingtoken"));
    }

    [Fact]
    public async Task Whoever_leaves_ends_the_login_of_the_one_who_acts_too()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tokens = await LoopbackServer.StartAsync(async context =>
        {
            using var leaving = context.RequestAborted.Register(ended.SetResult);
            asked.SetResult();
            await ended.Task;
        });
        set.Variables["CLOUDSDK_AUTH_TOKEN_HOST"] = tokens.Address.ToString();
        set.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            set.Variables["GOOGLE_APPLICATION_CREDENTIALS"],
            """{"type":"impersonated_service_account","service_account_impersonation_url":"/serviceAccounts/a@b:c","source_credentials":{"type":"authorized_user","client_id":"a","client_secret":"b","refresh_token":"c"}}""",
            Ending);
        await using var source = await set.OpenAsync("null");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var reading = source.FetchAsync(source.RequestFor(new("db")), leaving.Token);
        await asked.Task.WaitAsync(Ending);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await ended.Task.WaitAsync(Ending);
        Assert.Equal(1, tokens.Requests);
        File.Delete(set.Variables["GOOGLE_APPLICATION_CREDENTIALS"]);
    }

    private async Task<ProviderException> RefusalAsync(LoopbackServer tokens)
    {
        set.Cluster.Put("team-a", "google", "key.json", GoogleSetUp.KeyFileFor(tokens.Address));
        await using var source = await set.OpenAsync();
        return await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db")));
    }
}
