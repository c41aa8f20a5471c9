using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultPushTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pushed_property_joins_what_we_pushed_before()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", "user", "u"), Stop);
        await source.PushAsync(Push("app", "password", "p"), Stop);
        Assert.Equal("""{"user":"u","password":"p"}""", set.Vault.Read("secret/app")!.ToJsonString());
        Assert.Equal("external-secrets", set.Vault.Custom("secret/app")!["managed-by"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_lies_in_a_folder_named_data_is_another_secret()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", "a", "plain"), Stop);
        await source.PushAsync(Push("data/app", "a", "folder"), Stop);
        Assert.Equal(("plain", "folder"), (set.Vault.Read("secret/app")!["a"]!.GetValue<string>(), set.Vault.Read("secret/data/app")!["a"]!.GetValue<string>()));
        await source.DeleteAsync(new("data/app", null), Stop);
        Assert.NotNull(set.Vault.Read("secret/app"));
        Assert.Null(set.Vault.Read("secret/data/app"));
    }

    [Fact]
    public async Task A_value_that_is_there_already_is_not_written()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", "user", "u"), Stop);
        var before = set.Vault.Seen.Count(request => request.Method == "POST");
        await source.PushAsync(Push("app", "user", "u"), Stop);
        Assert.Equal(before, set.Vault.Seen.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_neither_overwritten_nor_deleted()
    {
        await using var set = await VaultSetUp.MakeAsync();
        set.Vault.Put("secret/app", """{"user":"theirs"}""");
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", "user", "ours"), Stop));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        await source.DeleteAsync(new("app", null), Stop);
        Assert.Equal("""{"user":"theirs"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task A_whole_secret_is_its_keys_and_values()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", null, "u", secretKey: null), Stop);
        Assert.Equal("""{"key":"u"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task A_value_without_a_property_must_be_keys_and_values_itself()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", null, """{"a":"1"}"""), Stop);
        Assert.Equal("""{"a":"1"}""", set.Vault.Read("secret/app")!.ToJsonString());
        await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", null, "plain"), Stop));
    }

    [Fact]
    public async Task Check_and_set_names_the_version_that_it_replaces_also_after_a_deletion()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => options["checkAndSet"] = new JsonObject { ["required"] = true });
        await source.PushAsync(Push("app", "a", "1"), Stop);
        await source.PushAsync(Push("app", "a", "2"), Stop);
        set.Vault.SoftDelete("secret/app");
        await source.PushAsync(Push("app", "a", "3"), Stop);
        Assert.Equal([0, 1, 2], set.Vault.Seen.Where(request => request is { Method: "POST", Path: "secret/data/app" }).Select(request => request.Body!["options"]!["cas"]!.GetValue<int>()));
    }

    // where somebody else writes: before the mark is looked at, and right before the write
    [Theory]
    [InlineData("GET", "secret/metadata/app", false)]
    [InlineData("GET", "secret/metadata/app", true)]
    [InlineData("POST", "secret/data/app", false)]
    [InlineData("POST", "secret/data/app", true)]
    public async Task A_property_goes_into_what_is_there_when_it_is_written(string method, string path, bool required)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => options["checkAndSet"] = new JsonObject { ["required"] = required });
        await source.PushAsync(Push("app", "a", "1"), Stop);
        await source.PushAsync(Push("app", "c", "3"), Stop);
        Before(set, method, path, times: 1, () => set.Vault.Put("secret/app", """{"a":"1","b":"theirs","c":"3"}"""));
        await source.PushAsync(Push("app", "a", "2"), Stop);
        Assert.Equal("""{"a":"2","b":"theirs","c":"3"}""", set.Vault.Read("secret/app")!.ToJsonString());
        Before(set, method, path, times: 1, () => set.Vault.Put("secret/app", """{"a":"2","b":"theirs again","c":"3"}"""));
        await source.DeleteAsync(new("app", "a"), Stop);
        Assert.Equal("""{"b":"theirs again","c":"3"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task Who_is_overtaken_each_time_gives_up_and_says_so()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", "a", "1"), Stop);
        var writes = 0;
        Before(set, "POST", "secret/data/app", times: 100, () => set.Vault.Put("secret/app", $$"""{"theirs":"{{++writes}}"}"""));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", "a", "2"), Stop));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Equal(5, writes);
        Assert.Equal("""{"theirs":"5"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task A_whole_secret_that_must_name_its_version_is_refused_in_the_words_of_Vault()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => options["checkAndSet"] = new JsonObject { ["required"] = true });
        await source.PushAsync(Push("app", null, "v", secretKey: null), Stop);
        Before(set, "POST", "secret/data/app", times: 1, () => set.Vault.Put("secret/app", """{"key":"theirs"}"""));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", null, "w", secretKey: null), Stop));
        Assert.Equal((ProviderFailureKind.Invalid, "Vault, asked to POST secret/data/app, gave error 400 BadRequest: check-and-set parameter did not match the current version"), (failure.Kind, failure.Message));
        Assert.Equal("""{"key":"theirs"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task A_write_that_is_refused_for_another_reason_is_not_tried_again()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        var writes = 0;
        set.Vault.Instead = async context =>
        {
            if (context.Request.Method != "POST" || context.Request.Path != "/v1/secret/data/app") return false;
            writes++;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"errors":["it is too large"]}""");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", "a", "1"), Stop));
        Assert.Contains("it is too large", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task What_somebody_else_makes_meanwhile_is_not_marked_as_ours()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        Before(set, "GET", "secret/metadata/app", times: 1, () => set.Vault.Put("secret/app", """{"a":"theirs"}"""));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", "a", "ours"), Stop));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Null(set.Vault.Custom("secret/app"));
        Assert.Equal("""{"a":"theirs"}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"errors":["no handler for route \"secret/data/app\". route entry not found."]}""")]
    public async Task A_write_that_nobody_took_is_a_failure(string body)
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        set.Vault.Instead = async context =>
        {
            if (context.Request.Method != "POST" || context.Request.Path != "/v1/secret/data/app") return false;
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync(body);
            return true;
        };
        await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(Push("app", null, "v", secretKey: null), Stop));
    }

    [Fact]
    public async Task Of_a_name_that_stands_twice_in_what_is_pushed_the_last_counts()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        for (var i = 0; i < 2; i++) await source.PushAsync(Push("app", null, """{"a":"1","b":{"c":"1","c":"2"},"a":"2"}"""), Stop);
        Assert.Equal("""{"a":"2","b":{"c":"2"}}""", set.Vault.Read("secret/app")!.ToJsonString());
    }

    [Fact]
    public async Task Deleting_a_property_keeps_the_others_and_the_last_takes_the_secret_along()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(Push("app", "a", "1"), Stop);
        await source.PushAsync(Push("app", "b", "2"), Stop);
        await source.DeleteAsync(new("app", "a"), Stop);
        Assert.Equal("""{"b":"2"}""", set.Vault.Read("secret/app")!.ToJsonString());
        Assert.True(await source.ExistsAsync(new("app", "b"), Stop));
        await source.DeleteAsync(new("app", "b"), Stop);
        Assert.False(await source.ExistsAsync(new("app", null), Stop));
        await source.DeleteAsync(new("app", "b"), Stop);
    }

    [Fact]
    public async Task Version_1_carries_the_mark_in_the_secret_itself()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => (options["path"], options["version"]) = ("kv1", "v1"));
        await source.PushAsync(Push("app", "a", "1"), Stop);
        Assert.Equal("""{"a":"1","custom_metadata":{"managed-by":"external-secrets"}}""", set.Vault.Read("kv1/app")!.ToJsonString());
        await source.DeleteAsync(new("app", "a"), Stop);
        Assert.Null(set.Vault.Read("kv1/app"));
    }

    [Fact]
    public async Task A_read_after_a_write_waits_for_the_replica_to_have_seen_it()
    {
        await using var set = await VaultSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => (options["readYourWrites"], options["forwardInconsistent"]) = (true, true));
        await source.PushAsync(Push("app", "a", "1"), Stop);
        await source.FetchAsync(source.RequestFor(new("app")), Stop);
        Assert.Equal(("index-after-write", "forward-active-node"), (set.Vault.Seen[^1].Index, set.Vault.Seen[^1].Inconsistent));
        Assert.Null(set.Vault.Seen[0].Index);
    }

    /// <summary>Does something before requests of a kind are answered, so many times.</summary>
    private static void Before(VaultSetUp set, string method, string path, int times, Action act) => set.Vault.Instead = context =>
    {
        if (times > 0 && context.Request.Method == method && context.Request.Path == "/v1/" + path)
        {
            times--;
            act();
        }
        return Task.FromResult(false);
    };

    private static PushRequest Push(string key, string? property, string value, string? secretKey = "key")
    {
        var source = new SecretValues();
        source.Set("key", Encoding.UTF8.GetBytes(value));
        var none = new Dictionary<string, string>();
        return new(new(key, property), source, secretKey, "Opaque", none, none, null);
    }
}
