using System.Text;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class ParameterStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_a_number_or_a_label()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/app/db", "1").Labels["stable"] = 1;
        set.Aws.Parameters.Put("/app/db", "2");
        await using var source = await set.OpenParametersAsync(options => options["prefix"] = "/app/");
        Assert.Equal("2", await source.TextAsync(new("db")));
        Assert.Equal("1", await source.TextAsync(new("db", null, "1")));
        Assert.Equal("1", await source.TextAsync(new("db", null, "stable")));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db", null, "9")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.All(set.Aws.Calls("GetParameter"), call => Assert.Contains("\"WithDecryption\":true", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_are_fetched_in_one_call_versions_too()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/a", "1");
        set.Aws.Parameters.Put("/a", "2");
        set.Aws.Parameters.Put("/b", "3");
        await using var source = (IBatchFetch)await set.OpenParametersAsync();
        RemoteRequest[] requests = [source.RequestFor(new("/a")), source.RequestFor(new("/a", null, "1")), source.RequestFor(new("/b")), source.RequestFor(new("/absent"))];
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal(["2", "1", "3", null], requests.Select(request => outcomes[request].Secret?.Value(null) is { } value ? Encoding.UTF8.GetString(value) : null));
        Assert.Equal(["GetParameters"], set.Aws.Seen.Select(seen => seen.Operation));
    }

    // Moto and others answer with the name alone, so that of two versions nobody can tell which is which.
    [Theory]
    [InlineData("/a", "/a:1", "2", "1")]
    [InlineData("/a:1", "/a", "1", "2")]
    [InlineData("/a:1", "/a:2", "1", "2")]
    [InlineData("/a", "/a:stable", "2", "1")]
    [InlineData("/a", "/a:9", "2", null)]
    public async Task Versions_that_an_answer_does_not_tell_apart_are_fetched_one_by_one(string first, string second, string one, string? other)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.SaysSelectors = false;
        set.Aws.Parameters.Put("/a", "1").Labels["stable"] = 1;
        set.Aws.Parameters.Put("/a", "2");
        await using var source = (IBatchFetch)await set.OpenParametersAsync();
        RemoteRequest[] requests = [.. new[] { first, second }.Select(name => name.Split(':')).Select(parts => source.RequestFor(new(parts[0], null, parts.ElementAtOrDefault(1))))];
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal([one, other], requests.Select(request => outcomes[request].Secret?.Value(null) is { } value ? Encoding.UTF8.GetString(value) : null));
    }

    [Fact]
    public async Task A_search_by_name_goes_below_the_path()
    {
        await using var set = await AwsSetUp.MakeAsync();
        for (var i = 0; i < 5; i++) set.Aws.Parameters.Put($"/team/db-{i}", $"{i}");
        set.Aws.Parameters.Put("/other/db-1", "x");
        await using var source = (IFind)await set.OpenParametersAsync();
        using var found = await source.FindAsync(new("/team", "db-[13]$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["/team/db-1=1", "/team/db-3=3"], found!.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value)}"));
        Assert.Equal(3, set.Aws.Calls("GetParametersByPath").Count);
    }

    [Fact]
    public async Task A_search_that_may_not_go_by_path_describes_and_fetches()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/team/db-1", "1");
        set.Aws.Parameters.Put("/team/db-2", "2");
        set.Aws.Refuse = seen => seen.Operation == "GetParametersByPath" ? new AwsSimulatedException("AccessDeniedException") : null;
        await using var source = (IFind)await set.OpenParametersAsync();
        using var found = await source.FindAsync(new("/team", "db", new Dictionary<string, string>()), Stop);
        Assert.Equal(["/team/db-1", "/team/db-2"], found!.Keys);
    }

    [Fact]
    public async Task A_search_by_tags_and_name_wants_both()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/a/db", "1", ("team", "a"));
        set.Aws.Parameters.Put("/a/other", "2", ("team", "a"));
        set.Aws.Parameters.Put("/b/db", "3", ("team", "b"));
        await using var source = (IFind)await set.OpenParametersAsync();
        using var found = await source.FindAsync(new(null, "db$", new Dictionary<string, string> { ["team"] = "a" }), Stop);
        Assert.Equal(["/a/db"], found!.Keys);
    }

    [Fact]
    public async Task Metadata_are_the_tags()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/app", "v", ("owner", "payments"));
        await using var source = await set.OpenParametersAsync();
        Assert.Equal("payments", await source.TextAsync(new("/app", "owner", FetchMetadata: true)));
        Assert.Null(await source.TextAsync(new("/absent", FetchMetadata: true)));
    }

    [Fact]
    public async Task A_push_creates_with_tags_and_then_overwrites_without()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        const string Wishes = """{"secretType":"SecureString","kmsKeyID":"alias/mine","tier":{"type":"Advanced","policies":[{"Type":"Expiration"}]},"tags":{"team":"a"},"description":"d"}""";
        foreach (var value in (string[])["1", "1", "2"]) await source.PushAsync(AwsSetUp.Push("/app", null, value, Wishes), Stop);
        var calls = set.Aws.Calls("PutParameter");
        Assert.Equal("""{"Description":"d","KeyId":"alias/mine","Name":"/app","Policies":"[{\u0022Type\u0022:\u0022Expiration\u0022}]","Tags":[{"Key":"managed-by","Value":"external-secrets"},{"Key":"team","Value":"a"}],"Tier":"Advanced","Type":"SecureString","Value":"1"}""", calls[0]);
        Assert.Contains("\"Overwrite\":true", calls[1], StringComparison.Ordinal);
        Assert.Equal(2, calls.Count);
        await source.PushAsync(AwsSetUp.Push("/app", null, "2", """{"tags":{"other":"b"}}"""), Stop);
        Assert.Equal(["managed-by", "other"], set.Aws.Parameters.Find("/app")!.Tags.Keys);
        Assert.Equal(2, set.Aws.Calls("PutParameter").Count);
    }

    [Theory]
    [InlineData(null, """{"item":"dg=="}""")]
    [InlineData("""{"encodeAsDecoded":true}""", """{"item":"v"}""")]
    public async Task A_whole_Secret_goes_in_base64_unless_it_is_wished_otherwise(string? wishes, string expected)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        await source.PushAsync(AwsSetUp.Push("/app", null, "v", wishes) with { SecretKey = null }, Stop);
        Assert.Equal(expected, await source.TextAsync(new("/app")));
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_neither_overwritten_nor_deleted()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/app", "theirs");
        await using var source = (IPush)await set.OpenParametersAsync();
        Assert.Equal(ProviderFailureKind.Conflict, (await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("/app", null, "ours"), Stop))).Kind);
        await source.DeleteAsync(new("/app", null), Stop);
        Assert.Equal("theirs", set.Aws.Parameters.Find("/app")!.Values.Single());
    }

    [Theory]
    [InlineData("tom")]
    [InlineData("""{"user":"tom"}""")]
    public async Task A_parameter_has_no_properties_to_write_and_this_is_told(string left)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        // As the original left it.
        set.Aws.Parameters.Put("/app", left, ("managed-by", "external-secrets"));
        var push = AwsSetUp.Push("/app", "user", "jane");
        await source.PushAsync(push, Stop);
        Assert.Equal("jane", await source.TextAsync(new("/app")));
        Assert.Equal(["match.remoteRef.property"], push.Unused);
        Assert.True(await source.ExistsAsync(new("/app", "user"), Stop));
        await source.DeleteAsync(new("/app", "user"), Stop);
        Assert.Null(set.Aws.Parameters.Find("/app"));
    }

    [Fact]
    public async Task Tags_stay_as_they_are_where_the_metadata_wish_none()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        await source.PushAsync(AwsSetUp.Push("/app", null, "v"), Stop);
        set.Aws.Parameters.Find("/app")!.Tags["cost-center"] = "of somebody else";
        foreach (var value in (string[])["v", "w"]) await source.PushAsync(AwsSetUp.Push("/app", null, value), Stop);
        Assert.Equal(["cost-center", "managed-by"], set.Aws.Parameters.Find("/app")!.Tags.Keys);
    }

    [Fact]
    public async Task A_parameter_is_kept_as_the_wishes_say()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        const string Wishes = """{"secretType":"SecureString","kmsKeyID":"alias/mine","description":"a login","tier":{"type":"Advanced","policies":[{"Type":"Expiration"}]}}""";
        await source.PushAsync(AwsSetUp.Push("/app", null, "v", Wishes), Stop);
        var call = System.Text.Json.Nodes.JsonNode.Parse(Assert.Single(set.Aws.Calls("PutParameter")))!;
        Assert.Equal(("SecureString", "alias/mine", "a login", "Advanced", """[{"Type":"Expiration"}]"""), ((string)call["Type"]!, (string)call["KeyId"]!, (string)call["Description"]!, (string)call["Tier"]!, (string)call["Policies"]!));
    }

    // the wishes of the first push, the value and the wishes of the second, and what of these comes to nothing
    [Theory]
    [InlineData("""{"secretType":"SecureString","kmsKeyID":"alias/mine"}""", "v", """{"secretType":"SecureString","kmsKeyID":"alias/mine"}""", null)]
    [InlineData("{}", "v", """{"secretType":"SecureString"}""", "metadata.spec.secretType")]
    [InlineData("{}", "w", """{"secretType":"SecureString"}""", null)]
    [InlineData("{}", "w", """{"kmsKeyID":"alias/mine"}""", "metadata.spec.kmsKeyID")]
    public async Task A_type_that_waits_for_another_value_and_a_key_of_what_is_not_encrypted_are_told(string first, string value, string wishes, string? told)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        await source.PushAsync(AwsSetUp.Push("/app", null, "v", first), Stop);
        var push = AwsSetUp.Push("/app", null, value, wishes);
        await source.PushAsync(push, Stop);
        Assert.Equal(told is null ? [] : [told], push.Unused);
    }

    [Theory]
    [InlineData("""{"unknown":1}""", "unknown")]
    [InlineData("""{"secretType":"Number"}""", "secretType \"Number\"")]
    [InlineData("""{"tier":{"type":"Free"}}""", "tier.type \"Free\"")]
    public async Task Wishes_that_make_no_sense_are_refused_before_anything_is_written(string wishes, string problem)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("/app", null, "v", wishes), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Empty(set.Aws.Seen);
    }

    [Theory]
    [InlineData(0, null, "the value is empty, and Parameter Store keeps none that is")]
    [InlineData(4097, "Standard", "the value is longer than the 4,096 characters that a parameter of the Standard tier may have; tier.type Advanced takes 8,192")]
    [InlineData(8193, "Advanced", "the value is longer than the 8,192 characters that a parameter may have")]
    [InlineData(8193, null, "the value is longer than the 8,192 characters that a parameter may have")]
    public async Task A_value_that_Parameter_Store_cannot_keep_is_told_by_its_size(int length, string? tier, string problem)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("/app", null, new string('x', length), tier is null ? null : $$$"""{"tier":{"type":"{{{tier}}}"}}"""), Stop));
        Assert.Equal((ProviderFailureKind.Invalid, $"parameter \"/app\": {problem}"), (failure.Kind, failure.Message));
        Assert.Empty(set.Aws.Calls("PutParameter"));
    }

    // Which tier counts where none is named is a setting of the account.
    [Theory]
    [InlineData(5000, "; a parameter of the Standard tier may have 4,096 characters, one of the Advanced tier 8,192 (metadata: tier.type)")]
    [InlineData(4096, "")]
    public async Task A_value_that_AWS_finds_too_long_is_told_with_what_the_tiers_take(int length, string hint)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Refuse = seen => seen.Operation == "PutParameter" ? new AwsSimulatedException("ValidationException", "told: xxx") : null;
        await using var source = (IPush)await set.OpenParametersAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("/app", null, new string('x', length)), Stop));
        Assert.Equal("AWS/ParameterStore, asked to PutParameter, gave error ValidationException" + hint, failure.Message);
    }

    [Fact]
    public async Task A_batch_that_is_denied_is_asked_for_one_by_one_and_each_has_its_own_outcome()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Parameters.Put("/a", "1");
        set.Aws.Parameters.Put("/hidden", "2");
        set.Aws.Refuse = seen => seen.Operation == "GetParameters" || (seen.Operation == "GetParameter" && (string)seen.Body["Name"]! == "/hidden") ? new AwsSimulatedException("AccessDeniedException") : null;
        await using var source = (IBatchFetch)await set.OpenParametersAsync();
        RemoteRequest[] requests = [source.RequestFor(new("/a")), source.RequestFor(new("/hidden")), source.RequestFor(new("/absent"))];
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal("1", Encoding.UTF8.GetString(outcomes[requests[0]].Secret!.Value(null)!));
        Assert.Equal(ProviderFailureKind.Denied, outcomes[requests[1]].Failure!.Kind);
        Assert.Null(outcomes[requests[2]].Secret);
        // A search goes the same way.
        set.Aws.Refuse = seen => seen.Operation is "GetParameters" or "GetParametersByPath" ? new AwsSimulatedException("AccessDeniedException") : null;
        using var found = await ((IFind)source).FindAsync(new(null, "a$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["/a"], found!.Keys);
    }

    [Fact]
    public async Task A_store_is_validated_by_logging_in()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var good = await set.OpenParametersAsync();
        Assert.Equal(StoreValidityKind.Valid, (await ((IValidate)good).ValidateAsync(Stop)).Kind);
        await using var bad = await set.OpenParametersAsync(options => options["role"] = "arn:aws:iam::123456789012:role/none");
        Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)bad).ValidateAsync(Stop)).Kind);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenParametersAsync();
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.PushBytes("/app", null, [0xff]), Stop))).Kind);
    }
}
