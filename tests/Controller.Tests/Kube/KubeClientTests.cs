using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class KubeClientTests : IAsyncLifetime
{
    private static readonly KubeKind<Secret> Secrets = KubeKind.Of(new KubeResource("", "v1", "secrets"), ApiJson.Compact.Secret, item => item.Metadata);
    private static readonly KubeKind<JsonObject> ConfigMaps = KubeKind.Untyped(new KubeResource("", "v1", "configmaps"));

    private LocalTestCluster cluster = null!;
    private KubeConnection connection = null!;
    private KubeClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Cancel);
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        client = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task An_object_can_be_created_read_replaced_and_deleted()
    {
        var key = new NamespacedName("default", "db");
        var created = await client.CreateAsync(Secrets, NewSecret("db"), Cancel);
        Assert.NotNull(created.Metadata.Uid);

        var updated = await client.UpdateAsync(Secrets, created with { Type = created.Type, Metadata = Labelled(created.Metadata, "x", "1") }, Cancel);
        Assert.Equal("1", (await client.GetAsync(Secrets, key, Cancel)).Metadata.Labels?["x"]);

        await client.DeleteAsync(Secrets.Resource, key, new DeletePreconditions(updated.Metadata.Uid, updated.Metadata.ResourceVersion), Cancel);
        Assert.Null(await client.FindAsync(Secrets, key, Cancel));
    }

    [Fact]
    public async Task A_create_of_what_exists_and_an_update_of_what_changed_are_different_conflicts()
    {
        var first = await client.CreateAsync(Secrets, NewSecret("twice"), Cancel);
        var exists = await Assert.ThrowsAsync<KubeApiException>(() => client.CreateAsync(Secrets, NewSecret("twice"), Cancel));
        Assert.Equal((409, true, false), (exists.Code, exists.IsAlreadyExists, exists.IsConflict));

        await client.UpdateAsync(Secrets, first with { Metadata = Labelled(first.Metadata, "x", "1") }, Cancel);
        var stale = await Assert.ThrowsAsync<KubeApiException>(
            () => client.UpdateAsync(Secrets, first with { Metadata = Labelled(first.Metadata, "x", "2") }, Cancel));
        Assert.Equal((409, false, true), (stale.Code, stale.IsAlreadyExists, stale.IsConflict));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_finding_it_gives_null()
    {
        var missing = new NamespacedName("default", "missing");
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => client.GetAsync(Secrets, missing, Cancel));
        Assert.Equal((404, "NotFound", true), (exception.Code, exception.Reason, exception.IsNotFound));
        Assert.Null(await client.FindAsync(Secrets, missing, Cancel));
    }

    [Fact]
    public async Task Deleting_another_object_of_the_same_name_is_refused()
    {
        await client.CreateAsync(Secrets, NewSecret("kept"), Cancel);
        var key = new NamespacedName("default", "kept");
        var exception = await Assert.ThrowsAsync<KubeApiException>(
            () => client.DeleteAsync(Secrets.Resource, key, new DeletePreconditions(Uid: "another"), Cancel));
        Assert.Equal(409, exception.Code);
        Assert.NotNull(await client.FindAsync(Secrets, key, Cancel));
    }

    [Fact]
    public async Task Applying_creates_then_changes_and_takes_back_what_is_no_longer_applied()
    {
        var key = new NamespacedName("default", "applied");
        await client.ApplyAsync(ConfigMaps, key, ConfigMap("applied", ("a", "1"), ("b", "2")), "us", force: false, Cancel);
        var after = await client.ApplyAsync(ConfigMaps, key, ConfigMap("applied", ("a", "3")), "us", force: false, Cancel);
        Assert.Equal("""{"a":"3"}""", after["data"]?.ToJsonString());
    }

    [Fact]
    public async Task Applying_over_another_manager_is_a_conflict_unless_forced()
    {
        var key = new NamespacedName("default", "fought");
        await client.ApplyAsync(ConfigMaps, key, ConfigMap("fought", ("a", "theirs")), "them", force: false, Cancel);
        var exception = await Assert.ThrowsAsync<KubeApiException>(
            () => client.ApplyAsync(ConfigMaps, key, ConfigMap("fought", ("a", "ours")), "us", force: false, Cancel));
        Assert.True(exception.IsConflict);

        var forced = await client.ApplyAsync(ConfigMaps, key, ConfigMap("fought", ("a", "ours")), "us", force: true, Cancel);
        Assert.Equal("ours", forced["data"]?["a"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_secret_can_be_applied_without_its_content_coming_back()
    {
        var metadata = KubeKind.MetadataOf(Secrets.Resource);
        var key = new NamespacedName("default", "quiet");
        var secret = NewSecret("quiet") with { Metadata = Labelled(new ObjectMeta { Name = "quiet", Namespace = "default" }, "l", "1") };
        var answer = await client.ApplyAsync(metadata, key, secret, ApiJson.Compact.Secret, "us", force: true, Cancel);
        Assert.Equal((key, "1"), (answer.Key, answer.Label("l")));
        Assert.NotNull(answer.ResourceVersion);
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names()
    {
        var key = new NamespacedName("default", "patched");
        await client.CreateAsync(ConfigMaps, ConfigMap("patched", ("a", "1"), ("b", "2")), Cancel);
        var after = await client.PatchAsync(ConfigMaps, key, new JsonObject { ["data"] = new JsonObject { ["a"] = null, ["c"] = "3" } }, Cancel);
        Assert.Equal("""{"b":"2","c":"3"}""", after["data"]?.ToJsonString());
    }

    [Fact]
    public async Task A_list_of_several_pages_is_whole_and_obeys_its_selector()
    {
        for (var i = 0; i < 7; i++)
        {
            await client.CreateAsync(Secrets, NewSecret($"page-{i}") with { Metadata = Labelled(new ObjectMeta { Name = $"page-{i}", Namespace = "default" }, "set", i < 5 ? "in" : "out") }, Cancel);
        }

        cluster.Server.Requests.Clear();
        var found = await client.ListAsync(Secrets, new ListQuery { Namespace = "default", LabelSelector = "set=in", PageSize = 2 }, Cancel);
        Assert.Equal(["page-0", "page-1", "page-2", "page-3", "page-4"], found.Select(item => item.Metadata.Name));
        Assert.Equal(3, cluster.Server.Requests.Count(request => request.Verb == "list" && request.Resource == "secrets"));
    }

    [Fact]
    public async Task A_request_that_the_server_defers_is_sent_again_when_it_said()
    {
        using var fault = cluster.Server.Faults.Answer(429, new FaultMatch("get", "secrets"), times: 2, retryAfterSeconds: 0);
        await client.FindAsync(Secrets, new NamespacedName("default", "x"), Cancel);
        Assert.Equal(2, fault.Hits);
    }

    [Fact]
    public async Task A_failure_of_the_server_without_a_time_to_retry_is_the_callers_to_handle()
    {
        using var fault = cluster.Server.Faults.Answer(500, new FaultMatch("get", "secrets"));
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => client.FindAsync(Secrets, new NamespacedName("default", "x"), Cancel));
        Assert.Equal((500, true, 1), (exception.Code, exception.IsTransient, fault.Hits));
    }

    [Fact]
    public async Task A_broken_connection_is_a_transport_failure()
    {
        using var fault = cluster.Server.Faults.Disconnect(new FaultMatch("get", "secrets"));
        await Assert.ThrowsAsync<KubeTransportException>(() => client.GetAsync(Secrets, new NamespacedName("default", "x"), Cancel));
    }

    [Fact]
    public async Task No_error_repeats_what_was_sent()
    {
        const string Marker = "c2VudC1pbi1jb25maWRlbmNl";
        var secret = NewSecret("Not_A_Name") with { Data = new SortedDictionary<string, byte[]?> { ["k"] = Convert.FromBase64String(Marker) } };
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => client.CreateAsync(Secrets, secret, Cancel));
        Assert.True(exception.IsInvalid);
        Assert.DoesNotContain(Marker, exception.ToString(), StringComparison.Ordinal);
    }

    private static Secret NewSecret(string name) => new() { Metadata = new ObjectMeta { Name = name, Namespace = "default" } };

    private static ObjectMeta Labelled(ObjectMeta metadata, string label, string value) =>
        metadata with { Labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [label] = value }, ManagedFields = null };

    private static JsonObject ConfigMap(string name, params (string Key, string Value)[] data)
    {
        var values = new JsonObject();
        foreach (var (key, value) in data)
        {
            values[key] = value;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["data"] = values,
        };
    }
}
