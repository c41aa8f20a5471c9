using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Kubernetes;

public sealed class KubernetesReadingTests(SharedClusters clusters)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_property_is_a_key_first_and_then_a_path_into_its_value(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new Dictionary<string, string> { ["plain"] = "<1>", ["file.png"] = "picture", ["doc"] = """{"a":{"b":[1,2.50]}}""", ["conf.json"] = """{"x":"deep"}""" });
        await using var source = await set.OpenAsync();
        Assert.Equal("picture", await source.TextAsync(new("app", "file.png")));
        Assert.Equal("2.50", await source.TextAsync(new("app", "doc.a.b.1")));
        Assert.Equal("deep", await source.TextAsync(new("app", "conf.json.x")));
        Assert.Equal("""{"conf.json":"{\"x\":\"deep\"}","doc":"{\"a\":{\"b\":[1,2.50]}}","file.png":"picture","plain":"\u003c1\u003e"}""", await source.TextAsync(new("app")));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "doc.nope")));
        Assert.Equal("property doc.nope does not exist in data of secret \"app\"", failure.Message);
        Assert.All(set.Calls.Calls, call => Assert.Equal(("Kubernetes", "GetSecret", true), call));
    }

    [Theory, OnEachCluster]
    public async Task Keys_and_values_are_those_of_the_Secret_or_of_the_JSON_in_one_key(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new { doc = """{"text":"x","number":1.50,"list":[1]}""", other = "y" });
        await using var source = await set.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("app")), Stop);
        using var whole = secret!.Values(null);
        using var inner = secret.Values("doc");
        Assert.Equal(["doc", "other"], whole!.Keys);
        Assert.Equal(["list=[1]", "number=1.50", "text=x"], inner!.Entries.Select(entry => entry.Key + "=" + Encoding.UTF8.GetString(entry.Value)));
        Assert.Throws<ProviderException>(() => secret.Values("other"));
    }

    [Theory, OnEachCluster]
    public async Task Labels_and_annotations_can_be_had_dots_included(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new { a = "hidden" }, new Dictionary<string, string> { ["app.kubernetes.io/name"] = "shop" }, new { note = """{"by":"me"}""" });
        await using var source = await set.OpenAsync();
        Assert.Equal("""{"annotations":{"note":"{\"by\":\"me\"}"},"labels":{"app.kubernetes.io/name":"shop"}}""", await source.TextAsync(new("app", FetchMetadata: true)));
        Assert.Equal("""{"app.kubernetes.io/name":"shop"}""", await source.TextAsync(new("app", "labels", FetchMetadata: true)));
        Assert.Equal("shop", await source.TextAsync(new("app", "labels.app.kubernetes.io/name", FetchMetadata: true)));
        Assert.Equal("me", await source.TextAsync(new("app", "annotations.note.by", FetchMetadata: true)));
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app", "a", FetchMetadata: true)));
        await set.PutAsync("plain", new { a = "hidden" });
        Assert.Equal("""{"annotations":{},"labels":{}}""", await source.TextAsync(new("plain", FetchMetadata: true)));
    }

    [Theory, OnEachCluster]
    public async Task A_version_and_the_path_of_a_search_mean_nothing_to_Secrets_and_this_is_told(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new { a = "1" });
        await using var source = await set.OpenAsync();
        Assert.Equal("1", await source.TextAsync(new("app", "a", "v7")));
        Assert.Equal(["remoteRef.version"], source.Unused(new RemoteRef { Key = "app", Property = "a", Version = "v7", MetadataPolicy = MetadataPolicy.Fetch }));
        var search = new FindRequest("elsewhere", "^app$", new Dictionary<string, string>());
        using var found = await ((IFind)source).FindAsync(search, Stop);
        Assert.Equal(["app"], found!.Keys);
        Assert.Equal(["path"], ((IFind)source).Unused(search));
    }

    [Theory, OnEachCluster]
    public async Task A_Secret_that_is_not_there_is_null_and_a_name_that_is_none_an_error(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await using var source = await set.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent", "a")), Stop));
        foreach (var name in (string[])["..", "a/b", "UPPER", "a?watch=1"]) await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(name)));
    }

    [Theory, OnEachCluster]
    public async Task A_search_is_by_name_or_by_tags_or_both(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("db-one", new { a = "1" }, new { team = "x", tier = "1" });
        await set.PutAsync("db-two", new { a = "2" }, new { team = "x" });
        await set.PutAsync("web", new { a = "3" }, new { team = "x", tier = "1" });
        await using var source = (IFind)await set.OpenAsync();
        using var byName = await source.FindAsync(new(null, "^db-", new Dictionary<string, string>()), Stop);
        using var byTags = await source.FindAsync(new(null, null, new Dictionary<string, string> { ["team"] = "x", ["tier"] = "1" }), Stop);
        using var byBoth = await source.FindAsync(new(null, "^db-", new Dictionary<string, string> { ["tier"] = "1" }), Stop);
        Assert.Equal(["db-one", "db-two"], byName!.Keys);
        Assert.Equal(["db-one", "web"], byTags!.Keys);
        Assert.Equal(["db-one"], byBoth!.Keys);
        Assert.Equal("""{"a":"1"}""", Encoding.UTF8.GetString(byBoth.Find("db-one")!));
    }

    [Theory, OnEachCluster]
    public async Task A_store_is_valid_when_it_may_read_Secrets(ClusterKind kind)
    {
        using var allowed = await SetAsync(kind);
        using var denied = await KubernetesSetUp.MakeAsync(await clusters.GetAsync(kind, Stop), verbs: "");
        await using var one = await allowed.OpenAsync();
        await using var other = await denied.OpenAsync();
        Assert.Equal(StoreValidity.Valid, await ((IValidate)one).ValidateAsync(Stop));
        Assert.Equal(StoreValidity.Invalid("client is not allowed to get secrets"), await ((IValidate)other).ValidateAsync(Stop));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => other.TextAsync(new("any")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Contains("cannot get resource", failure.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_kubeconfig_in_a_Secret_is_a_login(ClusterKind kind)
    {
        using var set = await SetAsync(kind);
        await set.PutAsync("app", new { a = "1" });
        var token = Encoding.UTF8.GetString(await set.Credentials.ReadSecretKeyAsync("team-a", "login", "token", Stop)).Trim();
        set.Credentials.Put("team-a", "config", "value", set.KubeconfigFor(token));
        await using var source = await set.OpenAsync(options =>
        {
            options["auth"] = null;
            options["server"] = null;
            options["authRef"] = new JsonObject { ["name"] = "config", ["key"] = "value" };
        });
        Assert.Equal("1", await source.TextAsync(new("app", "a")));
    }

    private async Task<KubernetesSetUp> SetAsync(ClusterKind kind) => await KubernetesSetUp.MakeAsync(await clusters.GetAsync(kind, Stop));
}
