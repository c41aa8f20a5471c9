using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Keeper;
using GitOpsSecrets.Providers.Tests.Contract;

namespace GitOpsSecrets.Providers.Tests.Keeper;

public sealed class KeeperTests : IAsyncLifetime
{
    private const string Login = """
        {"title":"db","type":"login","notes":"kept","fields":[{"type":"login","value":["tom"]},{"type":"password","label":"pass","value":["change<me"]},{"type":"url","value":[]},{"type":"fileRef","value":["x"]}],
         "custom":[{"type":"host","label":"host0","value":[{"port":"3306","hostName":"mysql"}]},{"type":"text","label":"many","value":["a","b"]},{"type":"text","label":"number","value":[1.50]}]}
        """;

    private readonly KeeperStand stand = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private KeeperSimulator Keeper => stand.Keeper;

    public async ValueTask InitializeAsync() => await stand.StartAsync();

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Theory]
    [InlineData("login", "tom")]
    [InlineData("pass", "change<me")]
    [InlineData("host0", """{"hostName":"mysql","port":"3306"}""")]
    [InlineData("many", """["a","b"]""")]
    [InlineData("number", "1.50")]
    public async Task A_field_is_named_by_its_label_or_its_type(string property, string value)
    {
        Keeper.Put("record-1", Login);
        await using var source = await stand.OpenAsync();
        Assert.Equal(value, await source.TextAsync(new("record-1", property)));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("url")]
    [InlineData("fileRef")]
    [InlineData("title")]
    public async Task A_field_without_a_value_or_of_another_name_is_none(string property)
    {
        Keeper.Put("record-1", Login);
        await using var source = await stand.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("record-1", property)));
        Assert.Equal($"record record-1 has no field or file {property}", failure.Message);
    }

    [Fact]
    public async Task A_whole_record_is_the_originals_JSON_of_it()
    {
        Keeper.Put("record-1", Login, contents: Files(("ca.pem", "a certificate")));
        Keeper.Put("record-2", """{"title":"bare","type":"login","fields":[{"type":"login","label":"username","value":["foo"]}]}""", isAlone: true);
        await using var source = await stand.OpenAsync();
        Assert.Equal(
            """{"title":"db","type":"login","fields":[{"type":"login","value":["tom"]},{"type":"password","label":"pass","value":["change\u003cme"]},{"type":"url","value":[]},{"type":"fileRef","value":["x"]}]"""
            + ""","custom":[{"type":"host","label":"host0","value":[{"hostName":"mysql","port":"3306"}]},{"type":"text","label":"many","value":["a","b"]},{"type":"text","label":"number","value":[1.50]}]"""
            + ""","files":[{"type":"ca.pem","content":"a certificate"}]}""",
            await source.TextAsync(new("record-1")));
        Assert.Equal("""{"title":"bare","type":"login","fields":[{"type":"login","label":"username","value":["foo"]}],"custom":null,"files":null}""", await source.TextAsync(new("record-2")));
    }

    [Fact]
    public async Task A_map_has_the_fields_with_values_and_the_files()
    {
        Keeper.Put("record-1", Login, contents: Files(("ca.pem", "a certificate")));
        await using var source = await stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("record-1")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["ca.pem", "fileRef", "host0", "login", "many", "number", "pass"], values.Keys);
        using var one = secret.Values("login")!;
        Assert.Equal(["login"], one.Keys);
    }

    [Fact]
    public async Task A_file_is_downloaded_only_when_it_is_wanted()
    {
        Keeper.Put("record-1", Login, contents: Files(("ca.pem", "a certificate"), ("login", "not this one")));
        await using var source = await stand.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("record-1", "ca.pem")));
        Assert.Equal("record record-1 has several fields or files of one name: login", failure.Message);
        Keeper.Put("record-1", Login, contents: Files(("ca.pem", "a certificate")));
        Assert.Equal("tom", await source.TextAsync(new("record-1", "login")));
        Assert.DoesNotContain(stand.Calls.Calls, call => call.Operation == "GetFile");
        Assert.Equal("a certificate", await source.TextAsync(new("record-1", "ca.pem")));
        Assert.Contains(stand.Calls.Calls, call => call is { Provider: "KeeperSecurity", Operation: "GetFile", Succeeded: true });
    }

    [Fact]
    public async Task Several_records_take_one_call()
    {
        Keeper.Put("record-1", Login);
        Keeper.Put("record-2", Login, isAlone: true);
        await using var source = await stand.OpenAsync(Options(byTitle: false));
        RemoteRequest[] requests = [.. new RemoteReference[] { new("record-1", "login"), new("record-2", "pass"), new("record-3", "pass") }.Select(source.RequestFor)];
        var outcomes = await ((IBatchFetch)source).FetchManyAsync(requests, Stop);
        Assert.Equal("tom", Encoding.UTF8.GetString(outcomes[requests[0]].Secret!.Value("login")!));
        Assert.Equal("change<me", Encoding.UTF8.GetString(outcomes[requests[1]].Secret!.Value("pass")!));
        Assert.Equal("no record record-3 is shared with the store's Keeper application", outcomes[requests[2]].Failure!.Message);
        Assert.Equal("""["record-1","record-2","record-3"]""", Assert.Single(Keeper.Seen).Payload["requestedRecords"]!.ToJsonString());
    }

    [Fact]
    public async Task A_title_names_a_record_only_where_the_store_says_so_and_one_has_it()
    {
        Keeper.Put("record-1", Login);
        await using (var strict = await stand.OpenAsync(Options(byTitle: false))) await Assert.ThrowsAsync<ProviderException>(() => strict.TextAsync(new("db", "login")));
        await using var source = await stand.OpenAsync();
        Assert.Equal("tom", await source.TextAsync(new("db", "login")));
        Keeper.Put("record-2", Login);
        Assert.Equal("more than one record of Keeper has the title db", (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db", "login")))).Message);
    }

    [Fact]
    public async Task A_record_that_was_sealed_with_another_key_is_told()
    {
        Keeper.Put("record-1", Login);
        Keeper.Spoil("record-1");
        await using var source = await stand.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("record-1", "login")));
        Assert.Equal("record record-1 of Keeper cannot be decrypted with the keys of the store's configuration", failure.Message);
    }

    [Fact]
    public async Task A_record_that_cannot_be_opened_is_nobody_elses_trouble()
    {
        Keeper.Put("record-1", Login);
        Keeper.Put("record-2", Login.Replace("\"db\"", "\"bad\"", StringComparison.Ordinal));
        Keeper.Spoil("record-2");
        await using var source = await stand.OpenAsync();
        RemoteRequest[] requests = [.. new RemoteReference[] { new("record-1", "login"), new("record-2", "login"), new("db", "pass") }.Select(source.RequestFor)];
        var outcomes = await ((IBatchFetch)source).FetchManyAsync(requests, Stop);
        Assert.Equal("tom", Encoding.UTF8.GetString(outcomes[requests[0]].Secret!.Value("login")!));
        Assert.Equal("change<me", Encoding.UTF8.GetString(outcomes[requests[2]].Secret!.Value("pass")!));
        const string Closed = "record record-2 of Keeper cannot be decrypted with the keys of the store's configuration";
        Assert.Equal(Closed, outcomes[requests[1]].Failure!.Message);
        // Nobody knows its title: it may be the one, and what is found without it may be too little.
        Assert.Equal(Closed, (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("bad", "login")))).Message);
        Assert.Equal(Closed, (await Assert.ThrowsAsync<ProviderException>(() => ((IFind)source).FindAsync(new FindRequest(null, "db", new Dictionary<string, string>()), Stop))).Message);
        Assert.Equal(Closed, (await Assert.ThrowsAsync<ProviderException>(() => ((IPush)source).ExistsAsync(new RemotePlace("bad/text", null), Stop))).Message);
    }

    [Fact]
    public async Task The_server_may_ask_for_another_of_its_keys()
    {
        Keeper.Put("record-1", Login);
        Keeper.Wants = 12;
        await using var source = await stand.OpenAsync();
        Assert.Equal("tom", await source.TextAsync(new("record-1", "login")));
        Keeper.Wants = 99;
        Assert.StartsWith("Keeper asks for its key 99, which this controller does not know", (await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("record-1", "login")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, """{"error":"access_denied","message":"Unable to validate application access"}""", ProviderFailureKind.Denied, "access_denied: Unable to validate application access")]
    [InlineData(403, """{"result_code":"throttled","message":"Try again in 2 minutes"}""", ProviderFailureKind.Throttled, "throttled: Try again in 2 minutes")]
    [InlineData(400, """{"error":"invalid_client_version","additional_info":"too old"}""", ProviderFailureKind.Invalid, "invalid_client_version: too old")]
    public async Task What_Keeper_says_of_a_failure_is_told(int status, string body, ProviderFailureKind kind, string reason)
    {
        Keeper.Error = (status, body);
        await using var source = await stand.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("record-1", "login")));
        Assert.Equal(kind, failure.Kind);
        Assert.EndsWith(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)source).ValidateAsync(Stop)).Kind);
    }

    [Theory]
    [InlineData("US:a-one-time-access-token")]
    [InlineData("""{"clientKey":"a-one-time-access-token","hostname":"keepersecurity.com"}""")]
    [InlineData("""{"hostname":"keepersecurity.com"}""")]
    [InlineData("""{"clientId":"a","appKey":"AAAA","privateKey":"AAAA"}""")]
    [InlineData("""{"clientId":"a","appKey":"not base64!","privateKey":"AAAA"}""")]
    public async Task What_is_no_configuration_of_a_device_is_told_without_it(string text)
    {
        stand.Cluster.Put(ContractStand.Namespace, "keeper", "config", text);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => stand.OpenAsync());
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.StartsWith("spec.provider.keepersecurity.authRef: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-one-time-access-token", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_may_be_base64_as_the_vendor_gives_it()
    {
        Keeper.Put("record-1", Login);
        stand.Cluster.Put(ContractStand.Namespace, "keeper", "config", Convert.ToBase64String(Encoding.UTF8.GetBytes(Keeper.Configuration().ToJsonString())) + "\n");
        await using var source = await stand.OpenAsync();
        Assert.Equal("tom", await source.TextAsync(new("record-1", "login")));
        Assert.Equal(StoreValidity.Valid, await ((IValidate)source).ValidateAsync(Stop));
    }

    [Theory]
    [InlineData("keepersecurity.com/elsewhere")]
    [InlineData("user@keepersecurity.com")]
    [InlineData("keepersecurity.com?")]
    public async Task A_hostname_is_nothing_but_one(string host)
    {
        var configuration = Keeper.Configuration();
        configuration["hostname"] = host;
        stand.Write(configuration);
        var provider = new KeeperProvider(new KeeperSurroundings());
        var http = new Providers.Http.ProviderHttp(new Providers.Http.ProviderHttpOptions(), TimeProvider.System);
        var context = new StoreContext(ContractStand.Describe(stand.Options()), stand.Cluster, http, stand.Calls, null, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => provider.OpenAsync(context, Stop));
        Assert.EndsWith("the hostname of the configuration is none", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_that_another_program_made_opens_and_no_other()
    {
        var box = Convert.FromBase64String("AAECAwQFBgcICQoL/MNZItoorIyiGZ+iS02zQngGSnWm0j8V");
        byte[] key = [.. Enumerable.Range(100, 32).Select(one => (byte)one)];
        Assert.Equal("changeme"u8.ToArray(), KeeperCipher.Open(box, key));
        for (var i = 0; i < box.Length; i++)
        {
            var changed = (byte[])box.Clone();
            changed[i] ^= 1;
            Assert.Null(KeeperCipher.Open(changed, key));
        }

        Assert.Null(KeeperCipher.Open(box.AsSpan(0, 20), key));
        Assert.Throws<ProviderException>(() => KeeperCipher.SealFor(key, new byte[65], "a key"));
    }

    [Fact]
    public void The_servers_keys_are_points_of_the_curve()
    {
        foreach (var key in KeeperServerKeys.Known.Values) Assert.NotEmpty(KeeperCipher.SealFor("x"u8, KeeperCipher.Decode(key)!, "a key"));
    }

    private static Dictionary<string, byte[]> Files(params (string Title, string Content)[] files) => files.ToDictionary(file => file.Title, file => Encoding.UTF8.GetBytes(file.Content), StringComparer.Ordinal);

    private JsonObject Options(bool byTitle)
    {
        var options = stand.Options();
        options["getByTitleFallback"] = byTitle;
        return options;
    }
}
