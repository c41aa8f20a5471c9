using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Cloudru;

public sealed class CloudruTests : IAsyncLifetime
{
    private readonly CloudruStand stand = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CloudruSimulator Cloud => stand.Cloud;

    public async ValueTask InitializeAsync() => await stand.StartAsync();

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Fact]
    public async Task The_addresses_of_the_services_are_asked_for_once()
    {
        stand.Discover();
        Cloud.Put("team/db", "first"u8.ToArray());
        await using var source = await stand.OpenAsync();
        Assert.Equal("first", await source.TextAsync(new("team/db")));
        Assert.Equal("first", await source.TextAsync(new("team/db")));
        Assert.Equal(["endpoints", "GetToken", "Access", "Access"], Cloud.Seen);
        Assert.Equal(["GetEndpoints", "GetToken", "Access", "Access"], stand.Calls.Calls.Select(call => call.Operation));
    }

    [Fact]
    public async Task A_secret_is_named_by_its_path_or_its_id_with_or_without_a_version()
    {
        var id = Cloud.Put("team/db", "first"u8.ToArray());
        Cloud.Put("team/db", "second"u8.ToArray());
        await using var source = await stand.OpenAsync();
        foreach (var key in (string[])["team/db", id])
        {
            Assert.Equal("second", await source.TextAsync(new(key)));
            Assert.Equal("second", await source.TextAsync(new(key, Version: "latest")));
            Assert.Equal("first", await source.TextAsync(new(key, Version: "1")));
            Assert.Null(await source.TextAsync(new(key, Version: "3")));
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("team/db", Version: "v1")));
        Assert.Equal("invalid secret version: should be a valid int32 value or 'latest' keyword", failure.Message);
    }

    [Theory]
    [InlineData("user", "tom \"t\"")]
    [InlineData("port", "5432")]
    [InlineData("nested.on", "true")]
    public async Task A_property_is_a_path_in_JSON_whatever_its_kind(string property, string value)
    {
        Cloud.Put("db", Encoding.UTF8.GetBytes("""{"user":"tom \"t\"","port":5432,"nested":{"on":true}}"""));
        await using var source = await stand.OpenAsync();
        Assert.Equal(value, await source.TextAsync(new("db", property)));
    }

    [Fact]
    public async Task A_search_by_path_name_and_tags_wants_all_of_them()
    {
        Cloud.Put("prod/auth-a", "a"u8.ToArray(), ("env", "prod"));
        Cloud.Put("prod/auth-b", "b"u8.ToArray(), ("env", "test"));
        Cloud.Put("prod/other", "c"u8.ToArray(), ("env", "prod"));
        Cloud.Put("test/auth-c", "d"u8.ToArray(), ("env", "prod"));
        await using var source = await stand.OpenAsync();
        using var found = await ((IFind)source).FindAsync(new FindRequest("prod", "^auth", new Dictionary<string, string>(StringComparer.Ordinal) { ["env"] = "prod" }), Stop);
        Assert.Equal(["prod/auth-a"], found!.Keys);
        Assert.Equal("a", Encoding.UTF8.GetString(found.Find("prod/auth-a")!));
        await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new FindRequest(null, null, new Dictionary<string, string>()), Stop));
    }

    [Fact]
    public async Task One_login_serves_until_it_ends_and_one_that_is_forgotten_is_replaced()
    {
        Cloud.Put("db", "x"u8.ToArray());
        await using var source = await stand.OpenAsync();
        await source.TextAsync(new("db"));
        await source.TextAsync(new("db"));
        Cloud.ForgetTokens();
        Assert.Equal("x", await source.TextAsync(new("db")));
        Assert.Equal(2, Cloud.Seen.Count(method => method == "GetToken"));
    }

    [Fact]
    public async Task A_key_that_is_refused_is_told_without_it()
    {
        Cloud.KeySecret = "another";
        await using var source = await stand.OpenAsync();
        var verdict = await ((IValidate)source).ValidateAsync(Stop);
        Assert.Equal((StoreValidityKind.Invalid, "Cloud.ru, asked to GetToken, ended with Unauthenticated: the simulator said so"), (verdict.Kind, verdict.Cause));
    }

    [Theory]
    [InlineData("projectID", "\"shop\"", "spec.provider.cloudrusm.projectID must be the UUID of a project")]
    [InlineData("auth", "{}", "spec.provider.cloudrusm.auth.secretRef is required")]
    public void What_is_wrong_with_a_store_is_told(string field, string value, string problem)
    {
        var options = stand.Options();
        options[field] = JsonNode.Parse(value);
        Assert.Equal([problem], stand.Provider.Check(ContractStand.Describe(options)));
    }
}
