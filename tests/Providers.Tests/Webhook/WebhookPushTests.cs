using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Webhook;

namespace GitOpsSecrets.Providers.Tests.Webhook;

public sealed class WebhookPushTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_posted_as_it_is()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/put/{{ .remoteRef.remoteKey }}?k={{ .remoteRef.secretKey }}");
        await PushAsync(source, new("with-dash/key", null), "password");
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("POST", "/put/with-dash%2Fkey?k=password", "s3cret {{ }}"), (seen.Method, seen.Target, seen.Body));
    }

    [Fact]
    public async Task A_body_is_made_of_the_value_by_the_remote_key()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/put", options =>
        {
            options["method"] = "PUT";
            options["body"] = """{"{{ .remoteRef.remoteKey }}":{{ .remoteRef.db | toJson }}}""";
        });
        await PushAsync(source, new("db", null), "password");
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("PUT", """{"db":"s3cret {{ }}"}"""), (seen.Method, seen.Body));
    }

    [Fact]
    public async Task An_endpoint_has_no_properties_and_no_metadata_and_both_are_told()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/put/{{ .remoteRef.remoteKey }}");
        var told = await PushAsync(source, new("db", "part"), "password", JsonSerializer.SerializeToElement(new { any = 1 }));
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("/put/db", "s3cret {{ }}"), (seen.Target, seen.Body));
        Assert.Equal(["match.remoteRef.property", "metadata"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_whole_Secret_is_posted_as_JSON()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/");
        await PushAsync(source, new("db", null), null);
        Assert.Equal("""{"password":"s3cret {{ }}","user":"app"}""", Assert.Single(set.Seen).Body);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_push_that_is_refused_fails(int status)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/");
        set.Status = status;
        await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, new("db", null), null));
        Assert.Single(set.Seen);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task What_is_gone_counts_as_deleted(int status)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/{{ .remoteRef.remoteKey }}", options => options["body"] = "not for this");
        set.Status = status;
        await source.DeleteAsync(new("a b", null), Stop);
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("DELETE", "/a+b", ""), (seen.Method, seen.Target, seen.Body));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, false)]
    public async Task Whether_it_exists_is_asked_under_either_name(int status, bool exists)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/{{ .remoteRef.remoteKey }}/{{ .remoteRef.key }}");
        set.Status = status;
        Assert.Equal(exists, await source.ExistsAsync(new("db", null), Stop));
        Assert.Equal("/db/db", Assert.Single(set.Seen).Target);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    [InlineData(null)]
    public async Task Whether_it_exists_is_asked_without_writing_anything(string? method)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/{{ .remoteRef.remoteKey }}", options =>
        {
            options["method"] = method;
            options["body"] = """{"v":"{{ index .remoteRef .remoteRef.remoteKey }}"}""";
        });
        Assert.True(await source.ExistsAsync(new("db", null), Stop));
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("GET", "/db", ""), (seen.Method, seen.Target, seen.Body));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task An_endpoint_that_answers_no_GET_cannot_say_what_exists(int status)
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync("/{{ .remoteRef.remoteKey }}", options => options["method"] = "PUT");
        set.Status = status;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.ExistsAsync(new("db", null), Stop));
        Assert.StartsWith($"endpoint gave error {status} ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" to GET, which asks whether the value is there: updatePolicy IfNotExists needs an endpoint that answers it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task A_cluster_store_tells_the_namespace_of_its_caller()
    {
        await using var set = await WebhookSetUp.MakeAsync("fine", "team-b");
        await using var source = await set.OpenAsync("/{{ .remoteRef.namespace }}/{{ .remoteRef.key }}", @namespace: null);
        await source.TextAsync(new("db"));
        Assert.Equal("/team-b/db", Assert.Single(set.Seen).Target);
    }

    [Theory]
    [InlineData("""{"url":""}""", "url is required")]
    [InlineData("""{"url":"ftp://x"}""", "url is not an http")]
    [InlineData("""{"url":"http://x/{{ .a"}""", "url: template:")]
    [InlineData("""{"url":"http://x","headers":{"A":"{{ nope }}"}}""", "headers[A]: template:")]
    [InlineData("""{"url":"http://x","result":{"jsonPath":"a.b"}}""", "result.jsonPath: the JSON path")]
    [InlineData("""{"url":"http://x","timeout":"soon"}""", "timeout: time: invalid duration")]
    [InlineData("""{"url":"http://x","method":"GE T"}""", "is no HTTP method")]
    [InlineData("""{"url":"http://x","secrets":[{"name":"a","secretRef":{"name":"b"}}]}""", "secrets[0].secretRef.namespace is required")]
    public void What_is_wrong_with_a_store_is_said_before_it_is_used(string options, string problem)
    {
        using var document = JsonDocument.Parse(options);
        Assert.Contains(problem, Assert.Single(new WebhookProvider().Check(new StoreDescription("ClusterSecretStore", "hook", null, document.RootElement))), StringComparison.Ordinal);
    }

    /// <returns>The fields that came to nothing.</returns>
    private static async Task<IReadOnlyCollection<string>> PushAsync(IPush source, RemotePlace place, string? key, JsonElement? metadata = null)
    {
        using var values = new SecretValues();
        values.Set("user", Encoding.UTF8.GetBytes("app"));
        values.Set("password", Encoding.UTF8.GetBytes("s3cret {{ }}"));
        var request = new PushRequest(place, values, key, "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), metadata);
        await source.PushAsync(request, Stop);
        return request.Unused;
    }
}
