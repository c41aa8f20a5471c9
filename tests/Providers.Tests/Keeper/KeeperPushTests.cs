using System.Text;

namespace GitOpsSecrets.Providers.Tests.Keeper;

public sealed class KeeperPushTests : IAsyncLifetime
{
    private readonly KeeperStand stand = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private KeeperSimulator Keeper => stand.Keeper;

    public async ValueTask InitializeAsync() => await stand.StartAsync();

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Theory]
    [InlineData("USERNAME", """{"title":"db","type":"externalSecrets","fields":[{"type":"login","value":["changeme"]}]}""")]
    [InlineData("admin-password", """{"title":"db","type":"externalSecrets","fields":[{"type":"password","value":["changeme"]}]}""")]
    [InlineData("baseUrl", """{"title":"db","type":"externalSecrets","fields":[{"type":"url","value":["changeme"]}]}""")]
    [InlineData("api_key", """{"title":"db","type":"externalSecrets","fields":[],"custom":[{"type":"secret","label":"api_key","value":["changeme"]}]}""")]
    public async Task A_record_is_made_in_the_folder_with_the_field_that_the_original_takes(string name, string record)
    {
        await PushAsync("db/" + name, "changeme");
        Assert.Equal(record, Assert.Single(Keeper.Records).Value.Json.ToJsonString());
        Assert.Equal(["get_secret", "create_secret"], Keeper.Seen.Select(request => request.Route));
    }

    [Fact]
    public async Task A_field_joins_the_record_and_nothing_else_in_it_changes()
    {
        Keeper.Put("record-1", """{"title":"db","type":"externalSecrets","notes":"kept","fields":[{"type":"login","value":["tom"],"required":true}],"custom":[]}""");
        await PushAsync("db/token", "first");
        await PushAsync("db/login", "ada");
        await PushAsync("db/login", "ada");
        Assert.Equal(
            """{"title":"db","type":"externalSecrets","notes":"kept","fields":[{"type":"login","value":["ada"],"required":true}],"custom":[{"type":"secret","label":"token","value":["first"]}]}""",
            Keeper.Records["record-1"].Json.ToJsonString());
        Assert.Equal(2, Keeper.Seen.Count(request => request.Route == "update_secret"));
    }

    [Fact]
    public async Task Records_of_other_types_are_left_alone()
    {
        const string Other = """{"title":"db","type":"login","fields":[{"type":"login","value":["tom"]}]}""";
        Keeper.Put("record-1", Other);
        await PushAsync("db/login", "ada");
        await using (var source = await stand.OpenAsync()) await ((IPush)source).DeleteAsync(new("db/login", null), Stop);
        Assert.Equal(Other, Assert.Single(Keeper.Records).Value.Json.ToJsonString());
    }

    [Fact]
    public async Task Two_records_of_one_title_are_a_conflict()
    {
        foreach (var id in (string[])["record-1", "record-2"]) Keeper.Put(id, """{"title":"db","type":"externalSecrets","fields":[]}""");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync("db/login", "ada"));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
    }

    [Fact]
    public async Task A_field_is_taken_out_and_the_last_one_takes_the_record_along()
    {
        await PushAsync("db/login", "ada");
        await PushAsync("db/token", "changeme");
        await using var source = await stand.OpenAsync();
        var push = (IPush)source;
        await push.DeleteAsync(new("db/token", null), Stop);
        Assert.False(await push.ExistsAsync(new("db/token", null), Stop));
        Assert.True(await push.ExistsAsync(new("db/login", null), Stop));
        await push.DeleteAsync(new("db/login", null), Stop);
        Assert.Empty(Keeper.Records);
    }

    [Theory]
    [InlineData("db")]
    [InlineData("team/db/login")]
    public async Task A_place_has_a_title_and_a_name(string key) =>
        Assert.Equal($"match.remoteRef.remoteKey: Keeper takes TITLE/NAME, and got {key}", (await Assert.ThrowsAsync<ProviderException>(() => PushAsync(key, "x"))).Message);

    [Fact]
    public async Task A_whole_Secret_and_bytes_that_are_no_text_are_refused_before_anything_is_sent()
    {
        await using var source = await stand.OpenAsync();
        using var values = new SecretValues();
        values.Set("item", [0xC3, 0x28]);
        foreach (var key in (string?[])[null, "item"])
        {
            var request = new PushRequest(new("db/login", null), values, key, "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null);
            Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => ((IPush)source).PushAsync(request, Stop))).Kind);
        }

        Assert.Empty(Keeper.Seen);
    }

    [Fact]
    public async Task Without_the_owners_key_nothing_is_made()
    {
        var configuration = Keeper.Configuration();
        configuration.Remove("appOwnerPublicKey");
        stand.Write(configuration);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync("db/login", "ada"));
        Assert.Contains("appOwnerPublicKey", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Keeper.Records);
    }

    private async Task PushAsync(string key, string value)
    {
        await using var source = await stand.OpenAsync();
        using var item = new SecretValues();
        item.Set("item", Encoding.UTF8.GetBytes(value));
        await ((IPush)source).PushAsync(new PushRequest(new(key, null), item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), null), Stop);
    }
}
