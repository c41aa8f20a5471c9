using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>Writing to Secret Manager.</summary>
public sealed class GooglePushTests : IAsyncLifetime
{
    private const string Name = "projects/my-project/secrets/db";
    private GoogleSetUp set = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => set = await GoogleSetUp.MakeAsync();

    public ValueTask DisposeAsync() => set.DisposeAsync();

    [Fact]
    public async Task A_new_secret_is_marked_as_ours_and_kept_everywhere()
    {
        await using var source = await set.OpenAsync();
        await PushAsync(source, "value");
        var secret = set.Google.Find(Name)!;
        Assert.Equal("external-secrets", secret.Labels["managed-by"]);
        Assert.Equal("""{"automatic":{}}""", secret.Replication!.ToJsonString());
        Assert.Equal("value", Encoding.UTF8.GetString(Assert.Single(secret.Versions).Payload));
    }

    [Fact]
    public async Task A_version_is_added_only_when_the_value_changed()
    {
        await using var source = await set.OpenAsync();
        foreach (var value in new[] { "one", "one", "two", "two" }) await PushAsync(source, value);
        Assert.Equal(["one", "two"], set.Google.Find(Name)!.Versions.Select(version => Encoding.UTF8.GetString(version.Payload)));
        Assert.DoesNotContain(set.Google.Seen, request => request.Method == "PATCH");
    }

    [Fact]
    public async Task Labels_annotations_topics_places_and_the_key_are_as_wished()
    {
        await using var source = await set.OpenAsync();
        var metadata = Metadata("""{"labels":{"team":"a"},"annotations":{"note":"x"},"topics":["projects/p/topics/t"],"cmekKeyName":"k","replicationLocations":["europe-west1","europe-west3"]}""");
        await PushAsync(source, "value", metadata: metadata);
        await PushAsync(source, "value", metadata: metadata);
        var secret = set.Google.Find(Name)!;
        Assert.Equal(["managed-by", "team"], secret.Labels.Keys);
        Assert.Equal("x", secret.Annotations["note"]);
        Assert.Equal(["projects/p/topics/t"], secret.Topics);
        Assert.Equal(
            """{"userManaged":{"replicas":[{"location":"europe-west1","customerManagedEncryption":{"kmsKeyName":"k"}},{"location":"europe-west3","customerManagedEncryption":{"kmsKeyName":"k"}}]}}""",
            secret.Replication!.ToJsonString());
        Assert.DoesNotContain(set.Google.Seen, request => request.Method == "PATCH");

        await PushAsync(source, "value", metadata: Metadata("""{"labels":{"tier":"db"},"mergePolicy":"Merge"}"""));
        Assert.Equal(["managed-by", "team", "tier"], secret.Labels.Keys);
        await PushAsync(source, "value", metadata: Metadata("""{"labels":{"tier":"db"}}"""));
        Assert.Equal(["managed-by", "tier"], secret.Labels.Keys);
        Assert.Empty(secret.Annotations);
    }

    [Fact]
    public async Task A_regional_secret_chooses_no_place()
    {
        await using var source = await set.OpenAsync(change: options => options["location"] = "europe-west3");
        await PushAsync(source, "value");
        Assert.Null(set.Google.Find("projects/my-project/locations/europe-west3/secrets/db")!.Replication);
    }

    [Fact]
    public async Task A_property_changes_and_goes_by_itself()
    {
        await using var source = await set.OpenAsync();
        await PushAsync(source, "1", property: "a");
        await PushAsync(source, "2", property: "b");
        await PushAsync(source, "2", property: "b");
        Assert.Equal("""{"a":"1","b":"2"}""", Encoding.UTF8.GetString(set.Google.Find(Name)!.Versions[^1].Payload));
        Assert.Equal(2, set.Google.Find(Name)!.Versions.Count);
        await ((IPush)source).DeleteAsync(new("db", "a"), Ending);
        Assert.True(await ((IPush)source).ExistsAsync(new("db", "b"), Ending));
        Assert.False(await ((IPush)source).ExistsAsync(new("db", "a"), Ending));
        await ((IPush)source).DeleteAsync(new("db", "b"), Ending);
        Assert.Null(set.Google.Find(Name));
    }

    [Fact]
    public async Task A_property_with_dots_lies_where_its_path_leads_and_takes_what_it_made_along()
    {
        await using var source = await set.OpenAsync();
        await PushAsync(source, "u", property: "db.user");
        await PushAsync(source, "old", property: "db.password");
        await PushAsync(source, "s3cret", property: "db.password");
        await PushAsync(source, "<1>", property: "a\\.b");
        Assert.Equal("""{"db":{"user":"u","password":"s3cret"},"a.b":"<1>"}""", Encoding.UTF8.GetString(set.Google.Find(Name)!.Versions[^1].Payload));
        foreach (var property in (string[])["db.user", "db.password", "gone"]) await ((IPush)source).DeleteAsync(new("db", property), Ending);
        Assert.Equal("""{"a.b":"<1>"}""", Encoding.UTF8.GetString(set.Google.Find(Name)!.Versions[^1].Payload));
        Assert.Equal(6, set.Google.Find(Name)!.Versions.Count);
        await ((IPush)source).DeleteAsync(new("db", "a\\.b"), Ending);
        Assert.Null(set.Google.Find(Name));
    }

    [Fact]
    public async Task A_disabled_latest_version_is_followed_by_a_new_one_that_keeps_the_other_properties()
    {
        await using var source = await set.OpenAsync();
        await PushAsync(source, "1", property: "a");
        await PushAsync(source, "2", property: "b");
        set.Google.Find(Name)!.Versions[^1].State = "DISABLED";
        await PushAsync(source, "1", property: "a");
        Assert.Equal("""{"a":"1"}""", Encoding.UTF8.GetString(set.Google.Find(Name)!.Versions[2].Payload));
        foreach (var version in set.Google.Find(Name)!.Versions) version.State = "DESTROYED";
        await PushAsync(source, "whole");
        Assert.Equal("whole", await source.TextAsync(new("db")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public async Task What_somebody_else_made_is_left_alone(string? property)
    {
        set.Put("db", """{"a":"theirs"}""");
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "ours", property));
        Assert.Equal(ProviderFailureKind.Conflict, failure.Kind);
        await ((IPush)source).DeleteAsync(new("db", property), Ending);
        Assert.Single(set.Google.Find(Name)!.Versions);
    }

    [Theory]
    [InlineData("""{"labels":{"a":"b"}}""", "a")]
    [InlineData("""{"colour":"red"}""", null)]
    [InlineData("""{"mergePolicy":"Sometimes"}""", null)]
    public async Task Metadata_that_make_no_sense_are_refused_before_anything_is_written(string metadata, string? property)
    {
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, "value", property, Metadata(metadata)));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(set.Google.Names);
    }

    private static JsonElement Metadata(string spec) => JsonElement.Parse($$"""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{{spec}}}""");

    private static async Task PushAsync(ISecretSource source, string value, string? property = null, JsonElement? metadata = null)
    {
        using var item = new SecretValues();
        item.Set("item", Encoding.UTF8.GetBytes(value));
        await ((IPush)source).PushAsync(new PushRequest(new("db", property), item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), metadata), Ending);
    }
}
