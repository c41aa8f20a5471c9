using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Tests.Webhook;

public sealed class WebhookReadingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_reference_is_escaped_in_the_URL_and_nowhere_else()
    {
        await using var set = await WebhookSetUp.MakeAsync("secret value");
        await using var source = await set.OpenAsync("/get/{{ .remoteRef.key }}?v={{ .remoteRef.version }}&p={{ .remoteRef.property }}&n={{ .remoteRef.namespace }}", options =>
        {
            options["method"] = "POST";
            options["headers"] = new JsonObject { ["X-Key"] = "{{ .remoteRef.key }}", ["Content-Type"] = "text/plain" };
            options["body"] = "{{ .remoteRef.key | upper }} {{ .remoteRef.nope }}";
        });
        Assert.Equal("secret value", await source.TextAsync(new("a/b c&d", "p?", "1")));
        var seen = Assert.Single(set.Seen);
        Assert.Equal(("POST", "/get/a%2Fb+c%26d?v=1&p=p%3F&n=team-a", "A/B C&D <no value>"), (seen.Method, seen.Target, seen.Body));
        Assert.Equal(("a/b c&d", "text/plain"), (seen.Headers["X-Key"], seen.Headers["Content-Type"]));
        Assert.Equal([("Webhook", "HTTPRequest", true)], set.Calls.Calls);
    }

    [Theory]
    [InlineData("$.a", "text")]
    [InlineData("$.number", "12.75")]
    [InlineData("$.large", "12345678901234567890")]
    [InlineData("$.flag", "true")]
    [InlineData("$.none", "")]
    [InlineData("$.list", "first")]
    [InlineData("$.object", """{"a":"\u003c1\u003e","z":1}""")]
    [InlineData("$..z", "1")]
    [InlineData("$.{{ .remoteRef.property }}", "text")]
    [InlineData(null, Everything)]
    public async Task The_path_takes_one_value_from_the_answer(string? path, string expected)
    {
        await using var set = await WebhookSetUp.MakeAsync(Everything);
        await using var source = await set.OpenAsync("/", options => options["result"] = path is null ? null : new JsonObject { ["jsonPath"] = path });
        Assert.Equal(expected, await source.TextAsync(new("any", "a")));
    }

    [Theory]
    [InlineData("$.absent", Everything)]
    [InlineData("$.empty", Everything)]
    [InlineData("$.object[?(@ == 'no')]", Everything)]
    [InlineData("$.a", "a-password in no JSON")]
    [InlineData("{{ .remoteRef.key }}", Everything)]
    public async Task What_the_path_cannot_take_is_an_error_that_holds_no_value(string path, string answer)
    {
        await using var set = await WebhookSetUp.MakeAsync(answer);
        await using var source = await set.OpenAsync("/", options => options["result"] = new JsonObject { ["jsonPath"] = path });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain("a-password", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, """{"text":"x","number":1.50,"list":[1,2],"none":null,"flag":false}""")]
    [InlineData("$.data", """{"data":{"text":"x","number":1.50,"list":[1,2],"none":null,"flag":false}}""")]
    [InlineData("$.data", """{"data":"{\"text\":\"x\",\"number\":1.50,\"list\":[1,2],\"none\":null,\"flag\":false}"}""")]
    public async Task Keys_and_values_come_out_as_text(string? path, string answer)
    {
        await using var set = await WebhookSetUp.MakeAsync(answer);
        await using var source = await set.OpenAsync("/", options => options["result"] = path is null ? null : new JsonObject { ["jsonPath"] = path });
        using var secret = await source.FetchAsync(source.RequestFor(new("any")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["flag=false", "list=[1,2]", "none=", "number=1.50", "text=x"], values.Entries.Select(entry => entry.Key + "=" + Encoding.UTF8.GetString(entry.Value)));
    }

    [Theory]
    [InlineData("""["a"]""")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    public async Task What_is_no_object_has_no_keys_and_values(string answer)
    {
        await using var set = await WebhookSetUp.MakeAsync(answer);
        await using var source = await set.OpenAsync("/");
        using var secret = await source.FetchAsync(source.RequestFor(new("any")), Stop);
        Assert.Throws<ProviderException>(() => secret!.Values(null));
    }

    [Theory]
    [InlineData(304, ProviderFailureKind.Invalid)]
    [InlineData(400, ProviderFailureKind.Invalid)]
    [InlineData(401, ProviderFailureKind.Denied)]
    [InlineData(403, ProviderFailureKind.Denied)]
    [InlineData(429, ProviderFailureKind.Throttled)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    public async Task Failures_are_told_apart_and_repeat_no_body(int status, ProviderFailureKind kind)
    {
        await using var set = await WebhookSetUp.MakeAsync("a-password");
        await using var source = await set.OpenAsync("/");
        set.Status = status;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("any")));
        Assert.Equal(kind, failure.Kind);
        Assert.StartsWith($"endpoint gave error {status}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-password", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_tells_no_metadata_and_what_its_templates_do_not_name_is_told()
    {
        await using var set = await WebhookSetUp.MakeAsync("value");
        await using var source = await set.OpenAsync("/{{ .remoteRef.key }}");
        Assert.Equal("value", await source.TextAsync(new("k", FetchMetadata: true)));
        var all = new RemoteRef { Key = "k", Property = "p", Version = "v", MetadataPolicy = MetadataPolicy.Fetch };
        Assert.Equal(["remoteRef.metadataPolicy", "remoteRef.version", "remoteRef.property"], source.Unused(all));
        await using var other = await set.OpenAsync("/{{ .remoteRef.key }}/{{ .remoteRef.version }}?part={{ .remoteRef.property }}");
        Assert.Equal(["remoteRef.metadataPolicy"], other.Unused(all));
        await using var plain = await set.OpenAsync("/versions/version/{{ .remoteRef.key }}{{/* .remoteRef.version */}}?property={{ index .remoteRef \"property\" }}");
        Assert.Equal(["remoteRef.metadataPolicy", "remoteRef.version"], plain.Unused(all));
    }

    [Fact]
    public async Task A_404_is_a_secret_that_is_not_there()
    {
        await using var set = await WebhookSetUp.MakeAsync("no such thing");
        await using var source = await set.OpenAsync("/");
        set.Status = 404;
        Assert.Null(await source.FetchAsync(source.RequestFor(new("any")), Stop));
    }

    [Fact]
    public async Task Two_properties_of_one_key_are_two_requests()
    {
        await using var set = await WebhookSetUp.MakeAsync();
        await using var source = await set.OpenAsync("/");
        Assert.NotEqual(source.RequestFor(new("any", "a")), source.RequestFor(new("any", "b")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task A_key_of_dots_does_not_climb_through_the_path(string key)
    {
        await using var set = await WebhookSetUp.MakeAsync("fine");
        await using var source = await set.OpenAsync("/only/here/{{ .remoteRef.key }}");
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(key)));
        Assert.Empty(set.Seen);
    }

    private const string Everything = """{"a":"text","number":12.75,"large":12345678901234567890,"flag":true,"none":null,"list":["first","second"],"empty":[],"object":{"z":1,"a":"<1>"}}""";
}
