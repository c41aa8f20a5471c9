using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Kubernetes;

public sealed class KubernetesPushTests(SharedClusters clusters)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_whole_Secret_is_made_once_and_then_left_alone(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, new("copy", null), null);
        var made = await set.SecretAsync("copy");
        await PushAsync(source, new("copy", null), null);
        Assert.Equal("""{"password":"czNjcmV0","user":"YXBw"}""", made!["data"]!.ToJsonString());
        Assert.Equal(("shop", "Opaque"), (made["metadata"]!["labels"]!["app"]!.GetValue<string>(), made["type"]!.GetValue<string>()));
        Assert.Equal(["note"], made["metadata"]!["annotations"]!.AsObject().Select(annotation => annotation.Key));
        Assert.Equal(made.ToJsonString(), (await set.SecretAsync("copy"))!.ToJsonString());
        Assert.DoesNotContain(set.Calls.Calls, call => call.Operation == "UpdateSecret");
    }

    [Theory, OnEachCluster]
    public async Task A_property_is_added_and_taken_away_until_nothing_is_left(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("shared", new { theirs = "x" }, new { owner = "them" });
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, new("shared", "ours"), "password");
        Assert.Equal("""{"ours":"czNjcmV0","theirs":"eA=="}""", (await set.SecretAsync("shared"))!["data"]!.ToJsonString());
        Assert.Equal("""{"app":"shop","owner":"them"}""", (await set.SecretAsync("shared"))!["metadata"]!["labels"]!.ToJsonString());
        Assert.True(await source.ExistsAsync(new("shared", "ours"), Stop));
        await source.DeleteAsync(new("shared", "ours"), Stop);
        Assert.False(await source.ExistsAsync(new("shared", "ours"), Stop));
        await source.DeleteAsync(new("shared", "ours"), Stop);
        Assert.True(await source.ExistsAsync(new("shared", null), Stop));
        await source.DeleteAsync(new("shared", "theirs"), Stop);
        Assert.False(await source.ExistsAsync(new("shared", null), Stop));
        await source.DeleteAsync(new("shared", null), Stop);
    }

    [Theory, OnEachCluster]
    public async Task What_somebody_writes_in_between_is_not_deleted(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("shared", new { theirs = "x" });
        using var client = await set.ClientAsync();
        var read = await client.FindAsync(set.Namespace, "shared", Stop);
        await client.UpdateAsync(read! with { Metadata = read.Metadata with { Labels = new(StringComparer.Ordinal) { ["theirs"] = "too" } } }, Stop);
        Assert.Equal(ProviderFailureKind.Conflict, (await Assert.ThrowsAsync<ProviderException>(() => client.DeleteAsync(read, Stop))).Kind);
        Assert.NotNull(await set.SecretAsync("shared"));
    }

    [Theory, OnEachCluster]
    public async Task A_property_of_a_Secret_of_another_type_leaves_the_type(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("shared", new { theirs = "x" }, type: "example.com/theirs");
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, new("shared", "ours"), "password");
        var pushed = await set.SecretAsync("shared");
        Assert.Equal(("example.com/theirs", "czNjcmV0"), (pushed!["type"]!.GetValue<string>(), pushed["data"]!["ours"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_key_that_the_source_lacks_is_an_error_and_nothing_is_written()
    {
        using var set = await SetAsync(ClusterKind.Local);
        await using var source = (IPush)await set.OpenAsync();
        Assert.Equal(ProviderFailureKind.Invalid, (await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, new("copy", "ours"), "absent"))).Kind);
        Assert.Null(await set.SecretAsync("copy"));
    }

    [Theory, OnEachCluster]
    public async Task A_whole_Secret_can_be_one_property(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, new("copy", "all"), null);
        Assert.Equal("""{"password":"s3cret","user":"app"}""", Encoding.UTF8.GetString(Convert.FromBase64String((await set.SecretAsync("copy"))!["data"]!["all"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData(null, """{"app":"shop","owner":"them"}""")]
    [InlineData("""{"labels":{"new":"1"}}""", """{"app":"shop","new":"1","owner":"them"}""")]
    [InlineData("""{"labels":{"new":"1"},"sourceMergePolicy":"Replace"}""", """{"new":"1","owner":"them"}""")]
    [InlineData("""{"labels":{"new":"1"},"targetMergePolicy":"Replace"}""", """{"app":"shop","new":"1"}""")]
    [InlineData("""{"labels":{"new":"1"},"targetMergePolicy":"Ignore"}""", """{"owner":"them"}""")]
    public async Task Labels_are_merged_as_the_metadata_say(string? spec, string expected)
    {
        using var set = await SetAsync(ClusterKind.Local);
        await set.PutAsync("shared", new { theirs = "x" }, new { owner = "them" });
        await using var source = (IPush)await set.OpenAsync();
        await PushAsync(source, new("shared", "ours"), "password", spec is null ? null : Metadata(spec));
        Assert.Equal(expected, (await set.SecretAsync("shared"))!["metadata"]!["labels"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task A_Secret_that_is_not_accepted_is_named_with_the_field_and_not_in_words_that_quote(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("typed", new { theirs = "x" }, type: "example.com/theirs");
        await using var source = (IPush)await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, new("typed", null), null));
        Assert.Equal(
            $"Secret {set.Namespace}/typed: the Kubernetes API server gave error 422 UnprocessableEntity: Invalid: type (its words are withheld, as they may quote a value)", failure.Message);
    }

    [Fact]
    public async Task Another_namespace_is_for_cluster_stores()
    {
        using var set = await SetAsync(ClusterKind.Local);
        using var elsewhere = await SetAsync(ClusterKind.Local);
        var metadata = Metadata($$"""{"remoteNamespace":"{{elsewhere.Namespace}}"}""");
        await using var narrow = (IPush)await set.OpenAsync();
        await Assert.ThrowsAsync<ProviderException>(() => PushAsync(narrow, new("copy", null), null, metadata));
        // The store's own identity has to be allowed there.
        await using var wide = (IPush)await elsewhere.OpenAsync(options => options["remoteNamespace"] = set.Namespace, isClusterWide: true);
        await PushAsync(wide, new("copy", null), null, metadata);
        Assert.NotNull(await elsewhere.SecretAsync("copy"));
    }

    [Theory, OnEachCluster]
    public async Task What_was_pushed_into_another_namespace_is_looked_for_and_taken_back_there(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        using var elsewhere = await SetAsync(kind);
        await set.PutAsync("copy", new { theirs = "x" });
        var place = new RemotePlace("copy", null) { Metadata = Metadata($$"""{"remoteNamespace":"{{elsewhere.Namespace}}"}""") };
        // The store's own identity is that of the other namespace, and has no business in the store's.
        await using var wide = (IPush)await elsewhere.OpenAsync(options => options["remoteNamespace"] = set.Namespace, isClusterWide: true);
        Assert.False(await wide.ExistsAsync(place, Stop));
        await PushAsync(wide, place, null, place.Metadata);
        Assert.True(await wide.ExistsAsync(place, Stop));
        await wide.DeleteAsync(place, Stop);
        Assert.Null(await elsewhere.SecretAsync("copy"));
        Assert.NotNull(await set.SecretAsync("copy"));
        await using var narrow = (IPush)await set.OpenAsync();
        await Assert.ThrowsAsync<ProviderException>(() => narrow.DeleteAsync(place, Stop));
        Assert.NotNull(await set.SecretAsync("copy"));
    }

    [Theory]
    [InlineData("""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"nope":1}}""")]
    [InlineData("""{"apiVersion":"kubernetes.external-secrets.io/v1alpha1","kind":"PushSecretMetadata","spec":{"targetMergePolicy":"nope"}}""")]
    [InlineData("""{"kind":"PushSecretMetadata","spec":{}}""")]
    public async Task Metadata_that_are_not_understood_are_refused(string metadata)
    {
        using var set = await SetAsync(ClusterKind.Local);
        await using var source = (IPush)await set.OpenAsync();
        using var document = JsonDocument.Parse(metadata);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, new("copy", null), null, document.RootElement));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        await Assert.ThrowsAsync<ProviderException>(() => PushAsync(source, new("copy", null), "password"));
        Assert.Null(await set.SecretAsync("copy"));
    }

    private static JsonElement Metadata(string spec) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["apiVersion"] = "kubernetes.external-secrets.io/v1alpha1", ["kind"] = "PushSecretMetadata", ["spec"] = JsonNode.Parse(spec) });

    private static async Task PushAsync(IPush source, RemotePlace place, string? key, JsonElement? metadata = null)
    {
        using var values = new SecretValues();
        values.Set("user", Encoding.UTF8.GetBytes("app"));
        values.Set("password", Encoding.UTF8.GetBytes("s3cret"));
        var annotations = new Dictionary<string, string> { ["note"] = "n", ["kubectl.kubernetes.io/last-applied-configuration"] = "all of it" };
        var request = new PushRequest(place, values, key, "Opaque", new Dictionary<string, string> { ["app"] = "shop" }, annotations, metadata);
        await source.PushAsync(request, Stop);
        Assert.True(request.KeepsMetadata);
    }

    private async Task<KubernetesSetUp> SetAsync(ClusterKind kind) => await KubernetesSetUp.MakeAsync(await clusters.GetAsync(kind, Stop));
}
