using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Policies that get into each other's way, or ask for what cannot be.</summary>
public sealed class PolicyTroubleTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_that_merge_the_same_item_the_last_to_refresh_wins_and_they_do_not_fight()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.CreateSecretAsync("shared", ("theirs", "x"));
        stage.Provider.Values["one"] = "1";
        stage.Provider.Values["two"] = "2";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("first", "{name: shared, creationPolicy: Merge}", "1h", ("a", "one"), ("b", "one"));
        await stage.SecretAsync("shared", "a", "1");
        await stage.ExternalAsync("second", "{name: shared, creationPolicy: Merge}", "1h", ("a", "two"), ("c", "two"));
        await ToldAsync("second");
        Assert.Equal("a=2 b=1 c=2 theirs=x", await ContentAsync());

        // What is edited by hand comes back, to whom it belongs; and one that is due writes over the other's.
        await stage.PatchSecretAsync("shared", """{"stringData":{"a":"edited","b":"edited"}}""");
        var healed = await stage.SecretAsync("shared", secret => Stage.Item(secret, "a") is "1" or "2" && Stage.Item(secret, "b") == "1");
        // Of the two that may have healed it, the other.
        var (name, value) = Stage.Item(healed, "a") == "1" ? ("second", "2") : ("first", "1");
        await stage.PatchAsync(name, """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("shared", "a", value);
        await ToldAsync(name);
        Assert.Equal($"a={value} b=1 c=2 theirs=x", await ContentAsync());
        Assert.InRange(stage.Cluster.Requests.All().Count(request => request is { Resource: "secrets", Verb: "update" }), 1, 12);

        // Who wrote last knows for sure; the other learns it with its next look.
        Task ToldAsync(string name) => stage.ReadyAsync(name, "True", "secret synced; another ExternalSecret writes a too: who refreshes last wins");

        async Task<string> ContentAsync() => string.Join(' ', (await stage.SecretAsync("shared")).Data!.Select(item => $"{item.Key}={System.Text.Encoding.UTF8.GetString(item.Value!)}"));
    }

    [Fact]
    public async Task Of_two_that_merge_the_same_field_of_a_ConfigMap_the_same_is_true()
    {
        var maps = KubeKind.Untyped(ExternalKinds.ConfigMaps.Resource);
        await using var stage = await ExternalStage.SetAsync();
        await stage.ApplyAsync("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {theirs: x}");
        stage.Provider.Values["one"] = "1";
        stage.Provider.Values["two"] = "2";
        await stage.StartAsync("--unsafe-allow-generic-targets");
        await stage.StoreAsync();
        const string Target = "{name: shared, creationPolicy: Merge, manifest: {apiVersion: v1, kind: ConfigMap}}";
        await stage.ExternalAsync("first", Target, "1h", ("a", "one"), ("b", "one"));
        await UntilAsync("""{"a":"1","b":"1","theirs":"x"}""");
        await stage.ExternalAsync("second", Target, "1h", ("a", "two"), ("c", "two"));
        await UntilAsync("""{"a":"2","b":"1","theirs":"x","c":"2"}""");
        await stage.PatchAsync("first", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await UntilAsync("""{"a":"1","b":"1","theirs":"x","c":"2"}""");
        // What comes later is done, and the two are not at it any more.
        await stage.ExternalAsync("third", "{}", "1h", ("a", "one"));
        await stage.ReadyAsync("third", "True");
        Assert.InRange(stage.Cluster.Requests.All().Count(request => request is { Resource: "configmaps", Verb: "update" }), 1, 8);

        Task<JsonObject> UntilAsync(string data) => stage.UntilAsync(maps, ExternalStage.Namespace, all => all.FirstOrDefault(map => JsonNode.DeepEquals(map["data"], JsonNode.Parse(data))));
    }

    /// <summary>The webhook of the original lets it through too.</summary>
    [Theory]
    [InlineData("", "could not delete secret", "SecretSyncedError")]
    [InlineData(", manifest: {apiVersion: v1, kind: ConfigMap}", "could not delete resource", "ResourceSyncedError")]
    public async Task With_Orphan_and_Delete_values_that_are_gone_are_told_until_they_are_there_again(string manifest, string message, string reason)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync("--unsafe-allow-generic-targets");
        await stage.StoreAsync();
        await stage.ExternalAsync("db", $"{{creationPolicy: Orphan, deletionPolicy: Delete{manifest}}}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values.Clear();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        var told = await stage.ReadyAsync("db", "False", message + ": deletionPolicy Delete needs creationPolicy Owner");
        Assert.Equal(reason, told.Status!.Conditions![0].Reason);
        await stage.EventAsync("db", "UpdateFailed", "deletionPolicy Delete needs creationPolicy Owner");
        var resource = manifest.Length == 0 ? ClusterKinds.SecretResource : ExternalKinds.ConfigMaps.Resource;
        Assert.NotNull(await stage.Kube.FindAsync(KubeKind.Untyped(resource), ExternalStage.Key("db"), Ending));
        stage.Provider.Values["k"] = "v";
        await stage.ReadyAsync("db", "True", "secret synced");
    }

    [Fact]
    public async Task A_value_that_changed_is_told_by_an_event_and_one_that_did_not_is_not()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "one";
        await stage.StartAsync();
        await stage.StoreAsync();
        // With a template the annotation that asks for a refresh is not copied, which would be a change.
        await stage.ExternalAsync("db", "{template: {engineVersion: v2}}", "1h", ("a", "k"));
        await stage.EventAsync("db", "Created", "secret created");
        await RefreshAsync("1");
        stage.Provider.Values["k"] = "two";
        await RefreshAsync("2");
        var updated = await stage.EventAsync("db", "Updated", "secret updated");
        await RefreshAsync("3");
        // Events are written in their order: when this one is there, another Updated would be too.
        stage.Provider.Values.Clear();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"4"}}}""");
        await stage.EventAsync("db", "UpdateFailed");
        var events = await stage.Kube.ListAsync(Stage.Events, new ListQuery { Namespace = ExternalStage.Namespace }, Ending);
        var told = events.Where(told => told["involvedObject"]?["name"]?.GetValue<string>() == "db" && told["reason"]?.GetValue<string>() is "Updated" or "Created").ToList();
        Assert.Equal(["Created 1", "Updated 1"], told.Select(one => $"{one["reason"]} {one["count"]}").Order(StringComparer.Ordinal));
        Assert.Equal("Normal", updated["type"]!.GetValue<string>());

        async Task RefreshAsync(string time)
        {
            var edited = await stage.PatchAsync("db", $$$"""{"metadata":{"annotations":{"force-sync":"{{{time}}}"} } }""");
            await stage.SourceAsync("db", source => source.Status?.SyncedResourceVersion == ExternalView.VersionOf(edited));
        }
    }
}
