using System.Text;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultReadingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"b":"2","a":"<1>"}""", null, """{"a":"\u003c1\u003e","b":"2"}""")]
    [InlineData("""{"a":"plain"}""", "a", "plain")]
    [InlineData("""{"a.b":"named","a":{"b":"nested"}}""", "a.b", "named")]
    [InlineData("""{"a":{"b":["x","y"]}}""", "a.b.1", "y")]
    [InlineData("""{"a":12345678901234567890}""", "a", "12345678901234567890")]
    [InlineData("""{"a":true}""", "a", "true")]
    [InlineData("""{"a":{"z":1,"y":2}}""", "a", """{"y":2,"z":1}""")]
    public async Task A_property_is_a_name_first_and_a_path_otherwise(string values, string? property, string expected)
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", values);
        await using var source = await set.OpenAsync();
        Assert.Equal(expected, await source.TextAsync(new("app", property)));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_null()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent")), Stop));
    }

    [Fact]
    public async Task A_deleted_version_is_null_and_an_older_one_can_be_had()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", """{"a":"1"}""");
        set.Vault.Put("secret/app", """{"a":"2"}""");
        set.Vault.SoftDelete("secret/app");
        await using var source = await set.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new("app")), Stop));
        Assert.Equal("1", await source.TextAsync(new("app", "a", "1")));
    }

    [Fact]
    public async Task A_property_that_is_not_there_is_an_error_that_names_it()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", """{"a":"hidden"}""");
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "nope")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("nope", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_values_come_out_as_text()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", """{"text":"x","number":1.50,"large":12345678901234567890,"list":[1,2],"none":null,"flag":false}""");
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("app")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["flag=false", "large=12345678901234567890", "list=[1,2]", "none=", "number=1.50", "text=x"], values.Entries.Select(entry => entry.Key + "=" + Encoding.UTF8.GetString(entry.Value)));
    }

    [Fact]
    public async Task Version_1_is_read_without_metadata()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("kv1/app", """{"a":"1"}""");
        await using var source = await set.OpenAsync(options => (options["path"], options["version"]) = ("kv1", "v1"));
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    [Theory]
    [InlineData("secret", "v2", "data/app", "folder")]
    [InlineData("secret", "v2", "secret/data/app", "plain")]
    [InlineData("kv", "v2", "kv/app", "plain")]
    [InlineData("kv1", "v1", "kv1/app", "plain")]
    [InlineData("kv1", "v1", "data/app", "folder")]
    public async Task A_key_may_repeat_the_mount_and_data_is_a_folder_as_others(string mount, string version, string key, string expected)
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put(mount + "/app", """{"a":"plain"}""");
        set.Vault.Put(mount + "/data/app", """{"a":"folder"}""");
        await using var source = await set.OpenAsync(options => (options["path"], options["version"]) = (mount, version));
        Assert.Equal(expected, await source.TextAsync(new(key, "a")));
    }

    [Theory]
    [InlineData("secret", "v2")]
    [InlineData("kv1", "v1")]
    public async Task A_search_gives_each_name_its_own_value(string mount, string version)
    {
        await using var set = await VaultSetUp.MakeAsync();
        string[] names = ["app", "data/app", mount + "/app", mount + "/data/app"];
        foreach (var name in names) set.Vault.Put($"{mount}/{name}", $$"""{"is":"{{name}}"}""");
        await using var source = (IFind)await set.OpenAsync(options => (options["path"], options["version"]) = (mount, version));
        using var found = await source.FindAsync(new(null, null, new Dictionary<string, string>()), Stop);
        Assert.Equal(names.Select(name => $$"""{"is":"{{name}}"}"""), names.Select(name => Encoding.UTF8.GetString(found!.Find(name)!)));
    }

    [Fact]
    public async Task Metadata_is_the_custom_part_and_what_Vault_says_itself()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", "{}");
        set.Vault.Describe("secret/app", """{"owner":"payments"}""");
        await using var source = await set.OpenAsync();
        Assert.Equal("payments", await source.TextAsync(new("app", "owner", FetchMetadata: true)));
        Assert.Equal("1", await source.TextAsync(new("app", "current_version", FetchMetadata: true)));
    }

    [Fact]
    public async Task A_search_by_name_goes_through_all_folders()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app/db", """{"a":"1"}""");
        set.Vault.Put("secret/app/deep/er/db", """{"a":"2"}""");
        set.Vault.Put("secret/app/other", """{"a":"3"}""");
        set.Vault.Put("secret/elsewhere/db", """{"a":"4"}""");
        await using var source = (IFind)await set.OpenAsync();
        using var found = await source.FindAsync(new("app", "db$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["app/db", "app/deep/er/db"], found!.Keys);
        Assert.Equal("""{"a":"2"}""", Encoding.UTF8.GetString(found.Find("app/deep/er/db")!));
    }

    [Fact]
    public async Task A_search_by_tags_asks_for_all_of_them()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/a", "{}");
        set.Vault.Put("secret/b", "{}");
        set.Vault.Describe("secret/a", """{"team":"x","tier":"1"}""");
        set.Vault.Describe("secret/b", """{"team":"x"}""");
        await using var source = (IFind)await set.OpenAsync();
        using var found = await source.FindAsync(new(null, null, new Dictionary<string, string> { ["team"] = "x", ["tier"] = "1" }), Stop);
        Assert.Equal(["a"], found!.Keys);
    }

    [Theory]
    [InlineData(400, ProviderFailureKind.Invalid)]
    [InlineData(403, ProviderFailureKind.Denied)]
    [InlineData(412, ProviderFailureKind.Unavailable)]
    [InlineData(429, ProviderFailureKind.Throttled)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    public async Task Failures_are_told_apart_and_carry_what_Vault_says(int status, ProviderFailureKind kind)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["headers"] = null);
        set.Vault.Instead = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("""{"errors":["because of this"]}""");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("app")), Stop));
        Assert.Equal(kind, failure.Kind);
        Assert.Contains("because of this", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_Vault_is_not_repeated()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        set.Vault.Instead = async context =>
        {
            await context.Response.WriteAsync("<html>a page with a-password in it</html>");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("app")), Stop));
        Assert.DoesNotContain("a-password", failure.ToString(), StringComparison.Ordinal);
    }

    // what stands in place of the engine's 404, and what is told of it
    [Theory]
    [InlineData("", "empty")]
    [InlineData("""{"message":"no Route matched with those values"}""", "not one of Vault's")]
    [InlineData("""{"errors":["no handler for route \"secret/data/app\". route entry not found."]}""", "No engine is mounted there")]
    [InlineData("""{"errors":["1 error occurred:\n\t* unsupported path\n\n"]}""", "unsupported path")]
    [InlineData("""{"request_id":"r","data":null,"warnings":["Invalid path for a versioned K/V secrets engine."]}""", "Invalid path for a versioned K/V secrets engine")]
    [InlineData("""{"data":{"data":null}}""", "not one of Vault's")]
    [InlineData("""{"data":null}""", "not one of Vault's")]
    [InlineData("[]", "not one of Vault's")]
    public async Task A_404_that_is_not_the_engines_own_is_no_missing_secret(string body, string told)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IFind)await set.OpenAsync();
        set.Vault.Instead = async context =>
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync(body);
            return true;
        };
        Func<Task>[] asked =
        [
            () => source.FetchAsync(source.RequestFor(new("app")), Stop),
            () => source.FetchAsync(source.RequestFor(new("app", FetchMetadata: true)), Stop),
            () => source.FindAsync(new("app", null, new Dictionary<string, string>()), Stop),
            () => ((IPush)source).ExistsAsync(new("app", null), Stop),
            () => ((IPush)source).DeleteAsync(new("app", null), Stop),
        ];
        foreach (var ask in asked)
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(ask);
            Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
            Assert.Contains("error 404", failure.Message, StringComparison.Ordinal);
            Assert.Contains(told, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("no Route matched", failure.Message, StringComparison.Ordinal);
        }
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)source).ValidateAsync(Stop)).Kind);
    }

    [Theory]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"request_id":"r","data":{"data":null,"metadata":{"version":3,"deletion_time":"2026-01-01T00:00:00Z","destroyed":false}}}""")]
    [InlineData("""{"request_id":"r","data":{"data":null,"metadata":{"version":3,"deletion_time":"","destroyed":true}}}""")]
    public async Task The_engines_own_404_is_a_missing_secret(string body)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        set.Vault.Instead = async context =>
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync(body);
            return true;
        };
        Assert.Null(await source.FetchAsync(source.RequestFor(new("app")), Stop));
    }

    [Fact]
    public async Task What_one_of_the_folders_of_a_search_does_not_answer_is_not_left_out()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app/one/db", "{}");
        set.Vault.Put("secret/app/two/db", "{}");
        await using var source = (IFind)await set.OpenAsync();
        set.Vault.Instead = context =>
        {
            if (!context.Request.Path.Value!.Contains("/two/", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 404;
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<ProviderException>(() => source.FindAsync(new("app", null, new Dictionary<string, string>()), Stop));
    }

    [Theory]
    [InlineData("", "/v1/secret/data/app")]
    [InlineData("vault", "/vault/v1/secret/data/app")]
    [InlineData("vault/", "/vault/v1/secret/data/app")]
    [InlineData("/teams//vault//", "/teams/vault/v1/secret/data/app")]
    public async Task A_path_of_the_server_stands_before_those_of_the_API(string path, string asked)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["server"] = set.Vault.Address + path);
        var seen = "";
        set.Vault.Instead = async context =>
        {
            seen = context.Request.Path.Value!;
            await context.Response.WriteAsync("""{"data":{"data":{"a":"1"},"metadata":{"version":1}}}""");
            return true;
        };
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
        Assert.Equal(asked, seen);
    }

    [Fact]
    public async Task A_namespace_goes_with_every_request()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["namespace"] = "team/one");
        await source.FetchAsync(source.RequestFor(new("app")), Stop);
        Assert.All(set.Vault.Seen, request => Assert.Equal("team/one", request.Namespace));
    }
}
