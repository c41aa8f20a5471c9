using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers.Fake;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Tests.Fake;

public sealed class FakeProviderTests
{
    private const string Versions = """{"data":[{"key":"a","value":"plain"},{"key":"a","value":"one","version":"v1"},{"key":"a","value":"nine","version":"v9"},{"key":"a","value":"ten","version":"v10"}]}""";
    private readonly FakeProvider provider = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "plain")]
    [InlineData("v1", "one")]
    [InlineData("v10", "ten")]
    [InlineData("v2", null)]
    [InlineData("1", null)]
    public async Task A_version_must_be_named_exactly(string? version, string? expected)
    {
        await using var source = await OpenAsync(Versions);
        Assert.Equal(expected, await source.TextAsync(new("a", Version: version)));
    }

    [Fact]
    public async Task A_key_that_runs_into_a_version_is_another_key()
    {
        await using var source = await OpenAsync("""{"data":[{"key":"a","value":"one","version":"bc"}]}""");
        Assert.Null(await source.TextAsync(new("ab", Version: "c")));
    }

    [Fact]
    public async Task A_search_takes_the_newest_version_by_the_order_of_its_text()
    {
        await using var source = await OpenAsync(Versions);
        using var found = await ((IFind)source).FindAsync(new FindRequest(null, "^a$", new Dictionary<string, string>()), Stop);
        Assert.Equal("nine", Encoding.UTF8.GetString(found!.Find("a")!));
    }

    [Fact]
    public async Task A_search_by_tags_is_refused()
    {
        await using var source = await OpenAsync(Versions);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new FindRequest(null, null, new Dictionary<string, string> { ["a"] = "b" }), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task The_fake_store_has_no_metadata_paths_tags_or_properties_to_write_and_says_so()
    {
        await using var source = await OpenAsync("""{"data":[{"key":"a","value":"plain"}]}""");
        Assert.Equal("plain", await source.TextAsync(new("a", FetchMetadata: true)));
        Assert.Equal(["remoteRef.metadataPolicy"], source.Unused(new RemoteRef { Key = "a", Version = "v", MetadataPolicy = MetadataPolicy.Fetch }));
        var search = new FindRequest("elsewhere", "^a$", new Dictionary<string, string> { ["no"] = "tag" });
        using var found = await ((IFind)source).FindAsync(search, Stop);
        Assert.Equal(["a"], found!.Keys);
        Assert.Equal(["path", "tags"], ((IFind)source).Unused(search));
        using var values = new SecretValues();
        values.Set("item", "value"u8.ToArray());
        var request = new PushRequest(new RemotePlace("pushed", "part"), values, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), JsonSerializer.SerializeToElement(new { any = 1 }));
        await ((IPush)source).PushAsync(request, Stop);
        Assert.Equal("value", await source.TextAsync(new("pushed")));
        Assert.Equal(["match.remoteRef.property", "metadata"], request.Unused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_two_entries_with_one_key_the_last_counts()
    {
        await using var source = await OpenAsync("""{"data":[{"key":"a","value":"one"},{"key":"a","value":"two"}]}""");
        Assert.Equal("two", await source.TextAsync(new("a")));
    }

    [Fact]
    public async Task A_map_of_values_is_read_as_JSON()
    {
        await using var source = await OpenAsync("""{"data":[{"key":"a","valueMap":{"x":"1","y":"<2>"}}]}""");
        Assert.Equal("<2>", await source.TextAsync(new("a", "y")));
    }

    [Fact]
    public async Task What_was_pushed_outlives_the_source_and_stays_with_its_store()
    {
        await using (var source = await OpenAsync("""{"data":[]}""")) await PushAsync(source, "pushed", "value");
        await using var again = await OpenAsync("""{"data":[{"key":"later","value":"x"}]}""");
        Assert.Equal("value", await again.TextAsync(new("pushed")));
        await using var sameNameElsewhere = await OpenAsync("""{"data":[]}""", "team-b");
        Assert.Null(await sameNameElsewhere.TextAsync(new("pushed")));
        await using var otherProcess = await OpenAsync("""{"data":[]}""", "team-a", new FakeProvider());
        Assert.Null(await otherProcess.TextAsync(new("pushed")));
    }

    [Fact]
    public async Task What_the_store_defines_is_not_overwritten_and_not_deleted()
    {
        await using var source = await OpenAsync("""{"data":[{"key":"mine","value":"defined"}]}""");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "mine", "pushed"));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Equal("key already exists", failure.Message);
        await ((IPush)source).DeleteAsync(new("mine", null), Stop);
        Assert.Equal("defined", await source.TextAsync(new("mine")));
    }

    [Fact]
    public async Task A_whole_Secret_is_pushed_as_JSON()
    {
        await using var source = await OpenAsync("""{"data":[]}""");
        await PushAsync(source, "pushed", "value", secretKey: null);
        Assert.Equal("""{"item":"value"}""", await source.TextAsync(new("pushed")));
    }

    [Theory]
    [InlineData(null, StoreValidityKind.Valid)]
    [InlineData(0, StoreValidityKind.Valid)]
    [InlineData(1, StoreValidityKind.Unknown)]
    [InlineData(2, StoreValidityKind.Invalid)]
    public async Task The_store_says_itself_whether_it_is_valid(int? result, StoreValidityKind expected)
    {
        await using var source = await OpenAsync(JsonSerializer.Serialize(new { data = Array.Empty<object>(), validationResult = result }));
        Assert.Equal(expected, (await ((IValidate)source).ValidateAsync(Stop)).Kind);
    }

    [Fact]
    public void What_is_wrong_is_named_by_its_place()
    {
        var findings = provider.Check(Store("""{"data":[{"key":"a","value":"1"},{"key":"","value":"1"},{"key":"b","value":""}],"validationResult":3}"""));
        Assert.Equal(["key must be set in data 1", "at least one value must be set in data 2", "validationResult must be 0, 1 or 2"], findings);
    }

    [Fact]
    public async Task Stores_are_opened_read_and_pushed_to_from_many_threads_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            async () =>
            {
                await using var source = await OpenAsync($$"""{"data":[{"key":"defined-{{i}}","value":"x"}]}""");
                await PushAsync(source, $"pushed-{i % 4}", "value");
                Assert.Equal("x", await source.TextAsync(new($"defined-{i}")));
                using var found = await ((IFind)source).FindAsync(new FindRequest(null, ".", new Dictionary<string, string>()), Stop);
                Assert.True(found!.Count >= 2);
            },
            Stop)));
    }

    private Task<ISecretSource> OpenAsync(string options, string @namespace = "team-a", FakeProvider? other = null)
    {
        var store = Store(options, @namespace);
        return (other ?? provider).OpenAsync(new StoreContext(store, new MemoryCluster(@namespace), new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), null, TimeProvider.System), Stop);
    }

    private static async Task PushAsync(ISecretSource source, string key, string value, string? secretKey = "item")
    {
        using var item = new SecretValues();
        item.Set("item", Encoding.UTF8.GetBytes(value));
        await ((IPush)source).PushAsync(new PushRequest(new(key, null), item, secretKey, "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null), Stop);
    }

    private static StoreDescription Store(string options, string @namespace = "team-a") => new("SecretStore", "fake", @namespace, JsonDocument.Parse(options).RootElement);
}
