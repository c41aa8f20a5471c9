using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Aws.Simulator;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class SecretsManagerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"a.b":"named","a":{"b":"nested"}}""", "a.b", "named")]
    [InlineData("""{"a":{"b":["x","y"]}}""", "a.b.1", "y")]
    [InlineData("""{"a":12345678901234567890}""", "a", "12345678901234567890")]
    [InlineData("""{"a":"<\u00e9\n>"}""", "a", "<é\n>")]
    [InlineData("plain text", null, "plain text")]
    public async Task A_property_is_a_name_with_dots_first_and_a_path_otherwise(string value, string? property, string expected)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", value);
        await using var source = await set.OpenAsync();
        Assert.Equal(expected, await source.TextAsync(new("app", property)));
    }

    [Fact]
    public async Task A_version_is_a_stage_or_an_id()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "1");
        var secret = set.Aws.Secrets.Put("app", "2");
        await using var source = await set.OpenAsync();
        Assert.Equal("2", await source.TextAsync(new("app")));
        Assert.Equal("1", await source.TextAsync(new("app", null, "AWSPREVIOUS")));
        Assert.Equal("1", await source.TextAsync(new("app", null, "uuid/" + secret.Versions[0].Id)));
        Assert.Null(await source.TextAsync(new("app", null, "uuid/nobody")));
    }

    [Fact]
    public async Task The_prefix_stands_before_every_key_that_is_asked_for()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("prod/app", "v");
        await using var source = await set.OpenAsync(options => options["prefix"] = "prod/");
        Assert.Equal("v", await source.TextAsync(new("app")));
        // What a search finds has its full name already.
        using var found = await ((IFind)source).FindAsync(new(null, "app", new Dictionary<string, string>()), Stop);
        Assert.Equal(["prod/app"], found!.Keys);
    }

    [Fact]
    public async Task Metadata_are_the_tags()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v", ("owner", "payments"));
        await using var source = await set.OpenAsync();
        Assert.Equal("""{"owner":"payments"}""", await source.TextAsync(new("app", FetchMetadata: true)));
        Assert.Equal("payments", await source.TextAsync(new("app", "owner", FetchMetadata: true)));
    }

    [Fact]
    public async Task A_secret_that_is_marked_for_deletion_is_not_there()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "v").DeletedAt = set.Time.GetUtcNow();
        await using var source = await set.OpenAsync();
        Assert.Null(await source.TextAsync(new("app")));
        Assert.Null(await source.TextAsync(new("app", FetchMetadata: true)));
        set.Aws.Secrets.Put("other", "v");
        set.Aws.Refuse = seen => seen.Operation == "GetSecretValue" ? new AwsSimulatedException("InvalidRequestException", "another reason") : null;
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("other")));
        Assert.Contains("another reason", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_fetched_in_one_call_and_each_has_its_own_outcome()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("a", "1");
        var b = set.Aws.Secrets.Put("b", "2");
        set.Aws.Secrets.Put("c", "3").DeletedAt = set.Time.GetUtcNow();
        await using var source = (IBatchFetch)await set.OpenAsync();
        var requests = new[] { "a", b.Arn, "c", "d" }.Select(key => source.RequestFor(new(key))).ToList();
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal(["1", "2", null, null], requests.Select(request => outcomes[request].Secret?.Value(null) is { } value ? Encoding.UTF8.GetString(value) : null));
        Assert.All(outcomes.Values, outcome => Assert.Null(outcome.Failure));
        Assert.Equal(["BatchGetSecretValue", "GetSecretValue", "DescribeSecret"], set.Aws.Seen.Select(seen => seen.Operation));
    }

    [Fact]
    public async Task A_policy_without_batches_is_asked_for_a_batch_once()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("a", "1");
        set.Aws.Secrets.Put("b", "2");
        set.Aws.Refuse = seen => seen.Operation == "BatchGetSecretValue" || (string?)seen.Body["SecretId"] == "b" ? new AwsSimulatedException("AccessDeniedException") : null;
        await using var source = (IBatchFetch)await set.OpenAsync();
        var requests = new[] { "a", "b" }.Select(key => source.RequestFor(new(key))).ToList();
        for (var i = 0; i < 2; i++)
        {
            var outcomes = await source.FetchManyAsync(requests, Stop);
            Assert.NotNull(outcomes[requests[0]].Secret);
            Assert.Equal(ProviderFailureKind.Denied, outcomes[requests[1]].Failure!.Kind);
        }
        Assert.Single(set.Aws.Calls("BatchGetSecretValue"));
        // A policy may become another.
        set.Time.Advance(TimeSpan.FromHours(1));
        await source.FetchManyAsync(requests, Stop);
        Assert.Equal(2, set.Aws.Calls("BatchGetSecretValue").Count);
    }

    [Theory]
    [InlineData("ExpiredTokenException")]
    [InlineData("InvalidSignatureException")]
    [InlineData("RequestExpired")]
    [InlineData("UnrecognizedClientException")]
    public async Task Credentials_that_are_refused_for_a_while_say_nothing_about_batches(string code)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("a", "1");
        set.Aws.Secrets.Put("b", "2");
        await using var source = (IBatchFetch)await set.OpenAsync();
        var requests = new[] { "a", "b" }.Select(key => source.RequestFor(new(key))).ToList();
        set.Aws.Refuse = _ => new AwsSimulatedException(code);
        Assert.All((await source.FetchManyAsync(requests, Stop)).Values, outcome => Assert.Equal(ProviderFailureKind.Denied, outcome.Failure!.Kind));
        set.Aws.Refuse = _ => null;
        var asked = set.Aws.Seen.Count;
        Assert.All((await source.FetchManyAsync(requests, Stop)).Values, outcome => Assert.NotNull(outcome.Secret));
        Assert.Equal(["BatchGetSecretValue"], set.Aws.Seen.Skip(asked).Select(seen => seen.Operation));
    }

    [Fact]
    public async Task Versions_and_metadata_are_not_asked_of_a_batch()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("a", "1");
        set.Aws.Secrets.Put("a", "2");
        await using var source = (IBatchFetch)await set.OpenAsync();
        RemoteRequest[] requests = [source.RequestFor(new("a", null, "AWSPREVIOUS")), source.RequestFor(new("a", FetchMetadata: true))];
        var outcomes = await source.FetchManyAsync(requests, Stop);
        Assert.Equal("1", Encoding.UTF8.GetString(outcomes[requests[0]].Secret!.Value(null)!));
        Assert.Empty(set.Aws.Calls("BatchGetSecretValue"));
    }

    [Fact]
    public async Task A_search_turns_all_pages_and_fetches_what_matches_together()
    {
        await using var set = await AwsSetUp.MakeAsync();
        for (var i = 0; i < 5; i++) set.Aws.Secrets.Put($"team/db-{i}", $"{i}");
        set.Aws.Secrets.Put("other/db-9", "9");
        await using var source = (IFind)await set.OpenAsync();
        using var found = await source.FindAsync(new("team/", "db-[1-3]$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["team/db-1=1", "team/db-2=2", "team/db-3=3"], found!.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value)}"));
        Assert.Equal(3, set.Aws.Calls("ListSecrets").Count);
        Assert.Single(set.Aws.Calls("BatchGetSecretValue"));
        Assert.Empty(set.Aws.Calls("GetSecretValue"));
    }

    [Fact]
    public async Task A_search_by_tags_wants_each_key_with_its_own_value()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("right", "1", ("team", "a"), ("tier", "b"));
        set.Aws.Secrets.Put("crossed", "2", ("team", "b"), ("tier", "a"));
        await using var source = (IFind)await set.OpenAsync();
        using var found = await source.FindAsync(new(null, null, new Dictionary<string, string> { ["team"] = "a", ["tier"] = "b" }), Stop);
        Assert.Equal(["right"], found!.Keys);
    }

    [Fact]
    public async Task A_push_creates_what_is_not_there_with_our_tag()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"tags":{"team":"a"},"description":"d","secretPushFormat":"string","kmsKeyId":"alias/mine","replicationLocations":["us-east-1"]}"""), Stop);
        var secret = set.Aws.Secrets.Find("app")!;
        Assert.Equal(["managed-by=external-secrets", "team=a"], secret.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Equal(("v", "alias/mine", "us-east-1"), ((string?)secret.Versions.Single().Text, secret.Key, secret.Replicas.Single()));
    }

    [Fact]
    public async Task A_description_and_a_key_of_KMS_count_when_the_secret_is_made_and_later_it_is_told_that_they_do_not()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        var (first, second) = (AwsSetUp.Push("app", null, "v", """{"description":"first","kmsKeyId":"alias/first"}"""), AwsSetUp.Push("app", null, "w", """{"description":"second","kmsKeyId":"alias/second"}"""));
        await source.PushAsync(first, Stop);
        await source.PushAsync(second, Stop);
        Assert.Contains("\"Description\":\"first\"", Assert.Single(set.Aws.Calls("CreateSecret")), StringComparison.Ordinal);
        Assert.DoesNotContain("second", Assert.Single(set.Aws.Calls("PutSecretValue")), StringComparison.Ordinal);
        Assert.Empty(set.Aws.Calls("UpdateSecret"));
        Assert.Equal("alias/first", set.Aws.Secrets.Find("app")!.Key);
        Assert.Empty(first.Unused);
        Assert.Equal(["metadata.spec.description", "metadata.spec.kmsKeyId"], second.Unused.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("alias/first", """{"description":"first","kmsKeyId":"alias/first"}""", null)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:alias/first", """{"kmsKeyId":"alias/first"}""", null)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:key/1234", """{"kmsKeyId":"1234"}""", null)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:key/1234", """{"kmsKeyId":"arn:aws:kms:eu-west-1:123456789012:key/1234"}""", null)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:key/1234", """{"kmsKeyId":"234"}""", "metadata.spec.kmsKeyId")]
    [InlineData(null, """{"kmsKeyId":"alias/aws/secretsmanager"}""", null)]
    [InlineData(null, """{"kmsKeyId":"alias/first"}""", "metadata.spec.kmsKeyId")]
    [InlineData("alias/first", """{}""", null)]
    [InlineData("alias/first", """{"description":"second"}""", "metadata.spec.description")]
    public async Task Only_a_key_and_a_description_that_differ_are_told(string? key, string wishes, string? told)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"description":"first"}"""), Stop);
        set.Aws.Secrets.Find("app")!.Key = key;
        var push = AwsSetUp.Push("app", null, "w", wishes);
        await source.PushAsync(push, Stop);
        Assert.Equal(told is null ? [] : [told], push.Unused);
    }

    [Fact]
    public async Task A_policy_may_come_from_a_Secret_of_the_namespace()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Cluster.Put("team-a", "policies", "app", """{"Version":"2012-10-17"}""");
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"resourcePolicy":{"policySourceRef":{"kind":"Secret","name":"policies","key":"app"}}}"""), Stop);
        Assert.Equal("""{"Version":"2012-10-17"}""", set.Aws.Secrets.Find("app")!.Policy);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_not_pushed_as_text()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.PushBytes("app", null, [0xff, 0xfe], """{"secretPushFormat":"string"}"""), Stop));
        Assert.Equal((ProviderFailureKind.Invalid, "metadata: secretPushFormat is string, and the value is no text"), (failure.Kind, failure.Message));
        Assert.Null(set.Aws.Secrets.Find("app"));
    }

    [Fact]
    public async Task An_equal_value_is_not_written_again_but_tags_policy_and_replicas_follow()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Cluster.PutConfigMap("team-a", "policies", "app", """{"Version": "2012-10-17"}""");
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"tags":{"old":"1"},"replicationLocations":["us-east-1"]}"""), Stop);
        const string Wishes = """{"tags":{"new":"2"},"replicationLocations":["us-west-2"],"resourcePolicy":{"blockPublicPolicy":true,"policySourceRef":{"kind":"ConfigMap","name":"policies","key":"app"}}}""";
        for (var i = 0; i < 2; i++) await source.PushAsync(AwsSetUp.Push("app", null, "v", Wishes), Stop);
        var secret = set.Aws.Secrets.Find("app")!;
        Assert.Single(secret.Versions);
        Assert.Equal(["managed-by", "new"], secret.Tags.Keys);
        Assert.Equal(["us-west-2"], secret.Replicas);
        Assert.Equal("""{"Version": "2012-10-17"}""", secret.Policy);
        Assert.Single(set.Aws.Calls("PutResourcePolicy"));
    }

    [Fact]
    public async Task Tags_stay_as_they_are_where_the_metadata_wish_none()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v"), Stop);
        set.Aws.Secrets.Find("app")!.Tags["cost-center"] = "of somebody else";
        foreach (var wishes in (string?[])[null, "{}", """{"tags":{}}""", """{"description":"d"}"""]) await source.PushAsync(AwsSetUp.Push("app", null, "w", wishes), Stop);
        Assert.Equal(["cost-center", "managed-by"], set.Aws.Secrets.Find("app")!.Tags.Keys);
        // With tags, they are all that it has besides our own.
        await source.PushAsync(AwsSetUp.Push("app", null, "w", """{"tags":{"team":"a"}}"""), Stop);
        Assert.Equal(["managed-by", "team"], set.Aws.Secrets.Find("app")!.Tags.Keys);
    }

    [Fact]
    public async Task Replicas_are_encrypted_with_the_key_of_the_secret()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        foreach (var regions in (string[])["""["us-east-1"]""", """["us-east-1","us-west-2"]"""])
            await source.PushAsync(AwsSetUp.Push("app", null, "v", $$"""{"kmsKeyId":"alias/mine","replicationLocations":{{regions}}}"""), Stop);
        Assert.Contains("""[{"Region":"us-east-1","KmsKeyId":"alias/mine"}]""", Assert.Single(set.Aws.Calls("CreateSecret")), StringComparison.Ordinal);
        Assert.Contains("""[{"Region":"us-west-2","KmsKeyId":"alias/mine"}]""", Assert.Single(set.Aws.Calls("ReplicateSecretToRegions")), StringComparison.Ordinal);
    }

    // a policy that the metadata do not name: taken back, or of somebody else
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"resourcePolicy":{"policySourceRef":{"kind":"ConfigMap","name":"policies","key":"none"}}}""")]
    public async Task A_policy_that_is_not_wished_any_more_goes(string? wishes)
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Cluster.PutConfigMap("team-a", "policies", "app", """{"Version":"2012-10-17"}""");
        set.Cluster.PutConfigMap("team-a", "policies", "none", "");
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"resourcePolicy":{"policySourceRef":{"kind":"ConfigMap","name":"policies","key":"app"}}}"""), Stop);
        Assert.NotNull(set.Aws.Secrets.Find("app")!.Policy);
        Assert.Empty(set.Aws.Calls("DeleteResourcePolicy"));
        await source.PushAsync(AwsSetUp.Push("app", null, "v", wishes), Stop);
        Assert.Null(set.Aws.Secrets.Find("app")!.Policy);
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_neither_overwritten_nor_deleted()
    {
        await using var set = await AwsSetUp.MakeAsync();
        set.Aws.Secrets.Put("app", "theirs");
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("app", null, "ours"), Stop));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        Assert.Contains("not managed by external-secrets", failure.Message, StringComparison.Ordinal);
        await source.DeleteAsync(new("app", null), Stop);
        Assert.Equal("theirs", (string?)set.Aws.Secrets.Find("app")!.Versions.Single().Text);
        Assert.Null(set.Aws.Secrets.Find("app")!.DeletedAt);
    }

    [Fact]
    public async Task A_property_is_put_into_the_secret_and_taken_out_again()
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        await source.PushAsync(AwsSetUp.Push("app", "db.password", "<1>"), Stop);
        await source.PushAsync(AwsSetUp.Push("app", "db.user", "tom"), Stop);
        Assert.Equal("""{"db":{"password":"<1>","user":"tom"}}""", await source.TextAsync(new("app")));
        Assert.True(await source.ExistsAsync(new("app", "db.user"), Stop));
        await source.DeleteAsync(new("app", "db.user"), Stop);
        Assert.Equal("""{"db":{"password":"<1>"}}""", await source.TextAsync(new("app")));
        Assert.False(await source.ExistsAsync(new("app", "db.user"), Stop));
        Assert.True(await source.ExistsAsync(new("app", null), Stop));
        await source.DeleteAsync(new("app", "db.password"), Stop);
        Assert.False(await source.ExistsAsync(new("app", null), Stop));
    }

    [Theory]
    [InlineData("""{}""", 30)]
    [InlineData("""{"recoveryWindowInDays":0}""", 30)]
    [InlineData("""{"recoveryWindowInDays":0,"forceDeleteWithoutRecovery":true}""", null)]
    [InlineData("""{"recoveryWindowInDays":7}""", 7)]
    [InlineData("""{"forceDeleteWithoutRecovery":true}""", null)]
    public async Task A_deleted_secret_can_be_recovered_as_long_as_the_store_says(string deletion, int? days)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync(options => options["secretsManager"] = JsonNode.Parse(deletion));
        await source.PushAsync(AwsSetUp.Push("app", null, "v", """{"replicationLocations":["us-east-1"]}"""), Stop);
        await source.DeleteAsync(new("app", null), Stop);
        Assert.Equal(days, (set.Aws.Secrets.Find("app")?.DeletedAt - set.Time.GetUtcNow())?.Days);
        Assert.False(await source.ExistsAsync(new("app", null), Stop));
        // Pushed again while it can be recovered, it is.
        await source.PushAsync(AwsSetUp.Push("app", null, "w"), Stop);
        Assert.Equal("w", await source.TextAsync(new("app")));
    }

    [Theory]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""{"secretPushFormat":"hex"}""")]
    [InlineData("""{"resourcePolicy":{"blockPublicPolicy":true}}""")]
    [InlineData("""{"resourcePolicy":{"policySourceRef":{"kind":"Pod","name":"a","key":"b"}}}""")]
    public async Task Wishes_that_make_no_sense_are_refused_before_anything_is_written(string wishes)
    {
        await using var set = await AwsSetUp.MakeAsync();
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.PushAsync(AwsSetUp.Push("app", null, "v", wishes), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Aws.Seen);
    }
}
