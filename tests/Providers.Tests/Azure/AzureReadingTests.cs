using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Tests.Azure;

public sealed class AzureReadingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", null, "plain")]
    [InlineData("with \"quotes\" and ü \\ \n", null, "with \"quotes\" and ü \\ \n")]
    [InlineData("""{"a":{"b":"nested"},"a.b":"named"}""", "a.b", "nested")]
    [InlineData("""{"a.b":"named"}""", "a.b", "named")]
    [InlineData("""{"a":12345678901234567890}""", "a", "12345678901234567890")]
    [InlineData("""{"a":{"z": 1}}""", "a", """{"z": 1}""")]
    public async Task A_property_is_a_path_first_and_a_name_otherwise(string value, string? property, string expected)
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", value);
        await using var source = await set.OpenAsync();
        Assert.Equal(expected, await source.TextAsync(new("app", property)));
        Assert.Equal(expected, await source.TextAsync(new("secret/app", property)));
    }

    [Fact]
    public async Task A_certificate_is_its_DER_whatever_property_is_asked_for()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Put("certificates/app", new JsonObject { ["cer"] = Convert.ToBase64String([1, 2, 255]) });
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("cert/app")), Stop);
        Assert.Equal([1, 2, 255], secret!.Value("any"));
        Assert.Equal(["remoteRef.property"], source.Unused(new RemoteRef { Key = "cert/app", Property = "any" }));
        Assert.Empty(source.Unused(new RemoteRef { Key = "cert/app", Property = "tag", MetadataPolicy = MetadataPolicy.Fetch }));
        Assert.Throws<ProviderException>(() => secret.Values(null));
    }

    [Fact]
    public async Task A_key_is_its_public_half_as_JSON()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Put("keys/app", new JsonObject { ["key"] = new JsonObject { ["kty"] = "RSA", ["e"] = "AQAB", ["n"] = "abc", ["key_ops"] = new JsonArray("sign") } });
        await using var source = await set.OpenAsync();
        Assert.Equal("AQAB", await source.TextAsync(new("key/app", "e")));
        var whole = await source.TextAsync(new("key/app"));
        Assert.EndsWith(""" "kty":"RSA","key_ops":["sign"],"n":"abc","e":"AQAB"}""".Trim(), whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("cert/app")]
    [InlineData("key/app")]
    public async Task What_is_not_there_or_deleted_is_null(string key)
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "value");
        set.Azure.Delete("secrets/app");
        await using var source = await set.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new(key)), Stop));
        Assert.Null(await source.FetchAsync(source.RequestFor(new(key, null, "00000000000000000000000000000009")), Stop));
    }

    [Fact]
    public async Task A_disabled_secret_is_a_failure_that_says_so()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Put("secrets/app", new JsonObject { ["value"] = "hidden", ["attributes"] = new JsonObject { ["enabled"] = false } });
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("SecretDisabled", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, """{"attribute.created":"2026-01-01T00:00:00Z","attribute.expires":"2027-01-01T00:00:00Z","attribute.updated":"2026-01-01T00:00:00Z","json":"{\"a\":{\"b\":\"deep\"}}","team":"x"}""")]
    [InlineData("team", "x")]
    [InlineData("json.a.b", "deep")]
    [InlineData("attribute.expires", "2027-01-01T00:00:00Z")]
    public async Task Metadata_is_tags_and_times(string? property, string expected)
    {
        await using var set = await AzureSetUp.MakeAsync();
        Tagged(set);
        await using var source = await set.OpenAsync();
        var text = await source.TextAsync(new("app", property, FetchMetadata: true));
        Assert.Equal(property is null ? JsonNode.Parse(expected)!.ToJsonString() : expected, property is null ? JsonNode.Parse(text!)!.ToJsonString() : text);
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "nobody", FetchMetadata: true)));
    }

    [Fact]
    public async Task Extracted_metadata_is_under_the_secrets_name_and_taken_apart()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "value", new JsonObject { ["flat"] = """{"a":"1","b":"2"}""", ["team"] = "x" });
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("secret/app", FetchMetadata: true)), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["app_attribute.created", "app_attribute.updated", "app_flat_a", "app_flat_b", "app_team"], values.Keys);
        using var one = secret.Values("team")!;
        Assert.Equal(["app_team"], one.Keys);
    }

    [Fact]
    public async Task Extracted_metadata_that_is_not_there_is_an_error_and_no_empty_value()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "value", new JsonObject { ["team"] = "x" });
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("secret/app", FetchMetadata: true)), Stop);
        Assert.Contains("absent", Assert.Throws<ProviderException>(() => secret!.Values("absent")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_pages_through_the_vault_and_fetches_only_what_matches()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PageSize = 10;
        for (var i = 0; i < 95; i++) set.Azure.PutSecret($"secret-{i:00}", $"value {i}", new JsonObject { ["team"] = i % 10 == 3 ? "x" : "y", ["tier"] = "1" });
        set.Azure.Put("secrets/secret-13", new JsonObject { ["value"] = "off", ["tags"] = new JsonObject { ["team"] = "x", ["tier"] = "1" }, ["attributes"] = new JsonObject { ["enabled"] = false } });
        await using var source = await set.OpenAsync();
        using var found = await ((IFind)source).FindAsync(new(null, "^secret-[0-4]", new Dictionary<string, string> { ["team"] = "x", ["tier"] = "1" }), Stop);
        Assert.Equal(["secret-03", "secret-23", "secret-33", "secret-43"], found!.Keys);
        Assert.Equal("value 33", Encoding.UTF8.GetString(found.Find("secret-33")!));
        Assert.Equal((10, 4), (set.Azure.Seen.Count(request => request is { Path: "/secrets", Token: not null }), set.Azure.Seen.Count(request => request.Path.StartsWith("/secrets/", StringComparison.Ordinal))));
        Assert.All(set.Calls.Calls, call => Assert.Equal("Azure/KeyVault", call.Provider));
        Assert.Equal((10, 4, 1), (Count(set, "GetSecrets"), Count(set, "GetSecret"), Count(set, "Login")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html>hunter2</html>")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":[{}]}""")]
    public async Task A_list_that_is_none_is_not_an_empty_one(string body)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        set.Azure.Instead = async context =>
        {
            if (context.Request.Path != "/secrets" || context.Request.Headers.Authorization.Count == 0) return false;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body);
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new(null, null, new Dictionary<string, string>()), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_goes_on_elsewhere_is_not_followed()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        set.Azure.Instead = async context =>
        {
            if (context.Request.Path != "/secrets") return false;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, """{"value":[],"nextLink":"https://elsewhere.example/secrets"}""");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new(null, null, new Dictionary<string, string>()), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Theory]
    [InlineData("other/app", null, "unknown Azure Keyvault object Type")]
    [InlineData("a_b", null, "cannot be a name")]
    [InlineData("app", "../x", "cannot be a version")]
    public async Task What_cannot_be_is_told_without_a_call(string key, string? version, string expected)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new(key, null, version)), Stop));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Empty(set.Azure.Seen);
    }

    [Fact]
    public async Task A_cluster_store_logs_in_with_its_callers_credentials()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.PutSecret("app", "value");
        await using var source = await set.OpenAsync(set.Options(), "ClusterSecretStore");
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    private static int Count(AzureSetUp set, string operation) => set.Calls.Calls.Count(call => call.Operation == operation);

    private static void Tagged(AzureSetUp set) => set.Azure.Put("secrets/app", new JsonObject
    {
        ["value"] = "value",
        ["tags"] = new JsonObject { ["team"] = "x", ["json"] = """{"a":{"b":"deep"}}""" },
        ["attributes"] = new JsonObject { ["exp"] = 1_798_761_600 },
    });
}
