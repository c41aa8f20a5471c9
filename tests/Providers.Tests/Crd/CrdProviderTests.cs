using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Crd;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Crd;

/// <summary>ConfigMaps and namespaces as a store reads them; objects of other kinds differ in their paths only.</summary>
public sealed class CrdProviderTests(SharedClusters clusters)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task An_object_is_read_whole_by_a_path_and_as_a_map(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new { json = """{"a":1.50}""", user = "tom" });
        await using var source = await set.OpenAsync();
        Assert.Equal("tom", await source.TextAsync(new("app", "data.user")));
        Assert.Equal("""{"json":"{\"a\":1.50}","user":"tom"}""", await source.TextAsync(new("app", "data")));
        Assert.Equal("app", (string?)System.Text.Json.Nodes.JsonNode.Parse((await source.TextAsync(new("app")))!)!["metadata"]!["name"]);
        using var secret = await source.FetchAsync(source.RequestFor(new("app")), Stop);
        using var map = secret!.Values("data");
        Assert.Equal(["json", "user"], map!.Keys);
        using var single = secret.Values("data.user");
        Assert.Equal(["value"], single!.Keys);
        var failure = Assert.Throws<ProviderException>(() => secret.Value("data.nobody"));
        Assert.Equal((ProviderFailureKind.Invalid, "key data.nobody does not exist in secret app"), (failure.Kind, failure.Message));
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent")), Stop));
    }

    [Theory, OnEachCluster]
    public async Task A_cluster_store_names_the_namespace_and_reads_kinds_without_one(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.GrantAllAsync();
        await set.PutAsync("app", new { user = "tom" }, set.Other);
        await using var source = await set.OpenAsync(isClusterWide: true);
        Assert.Equal("tom", await source.TextAsync(new($"{set.Other}/app", "data.user")));
        await RefusedAsync(source, "app", "must be of the form NAMESPACE/NAME");
        await RefusedAsync(source, $"{set.Other}/app/x", "must be of the form NAMESPACE/NAME");
        await RefusedAsync(source, "/app", "has an empty part");
        await using var namespaces = await set.OpenAsync(isClusterWide: true, kind: "Namespace");
        Assert.Equal("Active", await namespaces.TextAsync(new(set.Other, "status.phase")));
        await RefusedAsync(namespaces, $"x/{set.Other}", "must be a name alone");
    }

    [Theory, OnEachCluster]
    public async Task A_store_of_one_namespace_leads_to_no_other(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.GrantAllAsync();
        await set.PutAsync("app", new { user = "theirs" }, set.Other);
        await using var source = await set.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new("app")), Stop));
        foreach (var key in (string[])[$"{set.Other}/app", $"../../{set.Other}/configmaps/app", "..", "app?x=y"]) await RefusedAsync(source, key, "remoteRef.key");
        using var found = await ((IFind)source).FindAsync(new FindRequest(null, "^app$", new Dictionary<string, string>()), Stop);
        Assert.Empty(found!.Keys);
    }

    [Theory, OnEachCluster]
    public async Task A_search_is_by_name_and_labels(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.GrantAllAsync();
        await set.PutAsync("app-one", new { a = "1" }, labels: new { team = "x" });
        await set.PutAsync("app-two", new { a = "2" });
        await set.PutAsync("app-one", new { a = "3" }, set.Other);
        var none = new Dictionary<string, string>();
        await using var own = await set.OpenAsync();
        using var byName = await ((IFind)own).FindAsync(new FindRequest(null, "^app-", none), Stop);
        Assert.Equal(["app-one", "app-two"], byName!.Keys);
        Assert.Contains("\"a\":\"1\"", Encoding.UTF8.GetString(byName.Find("app-one")!), StringComparison.Ordinal);
        using var byLabel = await ((IFind)own).FindAsync(new FindRequest(null, null, new Dictionary<string, string> { ["team"] = "x" }), Stop);
        Assert.Equal(["app-one"], byLabel!.Keys);
        await using var all = await set.OpenAsync(isClusterWide: true);
        using var everywhere = await ((IFind)all).FindAsync(new FindRequest(null, $"^{set.Namespace}.*/app-one$", none), Stop);
        Assert.Equal(new HashSet<string>([$"{set.Namespace}/app-one", $"{set.Other}/app-one"]), everywhere!.Keys.ToHashSet());
    }

    [Theory, OnEachCluster]
    public async Task A_whitelist_lets_through_what_one_of_its_rules_matches_whole(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.GrantAllAsync();
        await set.PutAsync("app", new { user = "tom", password = "hunter2" });
        await set.PutAsync("other", new { user = "jane" });
        await set.PutAsync("app", new { user = "theirs" }, set.Other);
        await using var source = await set.OpenAsync("""{"rules":[{"name":"^app$","properties":["^data\\.user$"]}]}""");
        Assert.Equal("tom", await source.TextAsync(new("app", "data.user")));
        // Neither another property, nor the whole, nor another object, nor whether there is one.
        foreach (var reference in (RemoteReference[])[new("app", "data.password"), new("app"), new("other", "data.user"), new("absent", "data.user")]) await DeniedAsync(source, reference);
        using var found = await ((IFind)source).FindAsync(new FindRequest(null, null, new Dictionary<string, string>()), Stop);
        Assert.Empty(found!.Keys);

        await using var byName = await set.OpenAsync("""{"rules":[{"name":"^other$"}]}""");
        using var named = await ((IFind)byName).FindAsync(new FindRequest(null, null, new Dictionary<string, string>()), Stop);
        Assert.Equal(["other"], named!.Keys);

        await using var wide = await set.OpenAsync($$$"""{"rules":[{"namespace":"^{{{set.Other}}}$"}]}""", isClusterWide: true);
        Assert.Equal("theirs", await wide.TextAsync(new($"{set.Other}/app", "data.user")));
        await DeniedAsync(wide, new($"{set.Namespace}/app", "data.user"));
    }

    [Theory, OnEachCluster]
    public async Task What_may_not_be_read_or_is_not_served_is_told(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await using var good = await set.OpenAsync();
        Assert.Equal(StoreValidityKind.Valid, (await ((IValidate)good).ValidateAsync(Stop)).Kind);
        await using var pods = await set.OpenAsync(kind: "Pod");
        Assert.Equal("client is not allowed to get objects of this kind", (await ((IValidate)pods).ValidateAsync(Stop)).Cause);
        Assert.Equal(ProviderFailureKind.Denied, (await Assert.ThrowsAsync<ProviderException>(() => pods.TextAsync(new("app")))).Kind);
        foreach (var (name, group) in ((string, string)[])[("Widget", ""), ("Widget", "example.org")])
        {
            await using var none = await set.OpenAsync(kind: name, group: group);
            var failure = await Assert.ThrowsAsync<ProviderException>(() => none.TextAsync(new("app")));
            Assert.Equal((ProviderFailureKind.Invalid, $"group \"{group}\" version \"v1\" kind \"Widget\" is not registered in the cluster"), (failure.Kind, failure.Message));
            Assert.Equal(StoreValidityKind.Invalid, (await ((IValidate)none).ValidateAsync(Stop)).Kind);
        }
    }

    [Theory]
    [InlineData("""{"resource":{"group":"","version":"v1","kind":"Secret"}}""", "use the Kubernetes provider to read Kubernetes Secrets")]
    [InlineData("""{"resource":{"group":"core","version":"v1","kind":"secret"}}""", "use the Kubernetes provider to read Kubernetes Secrets")]
    [InlineData("""{"resource":{"group":"../api","version":"v1","kind":"X"}}""", "spec.provider.crd.resource.group")]
    [InlineData("""{"resource":{"group":"a.example","version":"v1/namespaces","kind":"X"}}""", "spec.provider.crd.resource.version")]
    [InlineData("""{"resource":{"group":"","version":"v1","kind":"ConfigMap"},"auth":null}""", "spec.provider.crd: exactly one of auth.cert")]
    [InlineData("""{"whitelist":{"rules":[{}]}}""", "spec.provider.crd.whitelist.rules[0]: whitelist rule must define name, namespace, or properties")]
    [InlineData("""{"whitelist":{"rules":[{"name":"a"},{"name":"("}]}}""", "spec.provider.crd.whitelist.rules[1].name")]
    [InlineData("""{"whitelist":{"rules":[{"properties":["a","("]}]}}""", "spec.provider.crd.whitelist.rules[0].properties[1]")]
    [InlineData("""{"whitelist":{"rules":[{"namespace":"a"}]}}""", "is not supported for a SecretStore")]
    public void What_is_wrong_with_a_store_is_said_before_it_is_used(string change, string problem)
    {
        var options = System.Text.Json.Nodes.JsonNode.Parse("""{"resource":{"group":"","version":"v1","kind":"ConfigMap"},"auth":{"serviceAccount":{"name":"reader"}}}""")!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) options[name] = value?.DeepClone();
        var store = new StoreDescription("SecretStore", "objects", "team-a", JsonSerializer.SerializeToElement(options));
        Assert.Contains(problem, Assert.Single(new CrdProvider().Check(store)), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(ISecretSource source, string key, string problem)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(key)));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    private static async Task DeniedAsync(ISecretSource source, RemoteReference reference)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(reference));
        Assert.Equal((ProviderFailureKind.Denied, $"request for \"{reference.Key}\" denied by whitelist rules"), (failure.Kind, failure.Message));
    }

    private async Task<CrdSetUp> SetAsync(ClusterKind kind) => await CrdSetUp.MakeAsync(await clusters.GetAsync(kind, Stop));
}
