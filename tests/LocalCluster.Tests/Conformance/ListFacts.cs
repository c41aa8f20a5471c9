using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class ListFacts(SharedClusters clusters)
{
    private async Task<TestHome> HomeWithAsync(ClusterKind kind, params string[] names)
    {
        var home = await TestHome.MakeAsync(clusters, kind);
        foreach (var name in names) await home.CreateConfigMapAsync(name, $$$""","labels":{"name":"{{{name}}}","set":"ours"}""");
        return home;
    }

    [Theory, OnEachCluster]
    public async Task A_list_is_ordered_by_name_and_its_items_carry_no_kind(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "c", "a", "b");
        var list = await home.Api.GetAsync(home.ConfigMaps + "?labelSelector=set%3Dours");
        Assert.Equal(("ConfigMapList", "v1"), (list.Text("kind"), list.Text("apiVersion")));
        Assert.Equal(["a", "b", "c"], list.ItemNames);
        Assert.All(list.Items, item => Assert.False(item.ContainsKey("kind")));
        Assert.NotEmpty(list.Version);
    }

    [Theory]
    [OnEachCluster]
    public async Task Labels_select(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "a", "b", "c");
        async Task<string> SelectAsync(string selector) =>
            string.Join(',', (await home.Api.GetAsync($"{home.ConfigMaps}?labelSelector={Uri.EscapeDataString("set=ours," + selector)}")).ItemNames);
        Assert.Equal("a", await SelectAsync("name=a"));
        Assert.Equal("a", await SelectAsync("name==a"));
        Assert.Equal("b,c", await SelectAsync("name!=a"));
        Assert.Equal("a,c", await SelectAsync("name in (a, c)"));
        Assert.Equal("b", await SelectAsync("name notin (a,c)"));
        Assert.Equal("a,b,c", await SelectAsync("name"));
        Assert.Equal("", await SelectAsync("!name"));
        Assert.Equal("a,b,c", await SelectAsync("other!=x"));
    }

    [Theory, OnEachCluster]
    public async Task A_selector_that_is_none_is_a_400(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind);
        Assert.Equal(400, (await home.Api.GetAsync(home.ConfigMaps + "?labelSelector=a%3D%3D%3Db")).Code);
        var field = await home.Api.GetAsync(home.ConfigMaps + "?fieldSelector=spec.x%3Db");
        Assert.Equal(400, field.Code);
        Assert.Contains("\"spec.x\" is not a known field selector: only \"metadata.name\"", field.Message, StringComparison.Ordinal);
        Assert.Contains("field label not supported: spec.x", (await home.Api.GetAsync(home.Secrets + "?fieldSelector=spec.x%3Db")).Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Name_is_a_field_to_select_by(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "a", "b");
        Assert.Equal(["b"], (await home.Api.GetAsync(home.ConfigMaps + "?fieldSelector=metadata.name%3Db")).ItemNames);
    }

    [Theory, OnEachCluster]
    public async Task Pages_show_the_list_as_it_was_at_the_first(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        foreach (var name in (string[])["a", "b", "c"]) await home.Api.PostAsync(home.Secrets, $$$"""{"metadata":{"name":"{{{name}}}"},"type":"my/type"}""");
        var first = await home.Api.GetAsync(home.Secrets + "?limit=1&fieldSelector=type%3Dmy%2Ftype");
        Assert.Equal(["a"], first.ItemNames);
        await home.Api.DeleteAsync(home.Secrets + "/b");
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"d"},"type":"my/type"}""");
        var rest = await home.Api.GetAsync($"{home.Secrets}?limit=10&fieldSelector=type%3Dmy%2Ftype&continue={Uri.EscapeDataString(first.Metadata("continue"))}");
        Assert.Equal(["b", "c"], rest.ItemNames);
        Assert.Equal("", rest.Metadata("continue"));
        Assert.Equal(first.Version, rest.Version);
    }

    [Theory, OnEachCluster]
    public async Task The_first_page_counts_what_remains(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "a", "b", "c");
        var all = (await home.Api.GetAsync(home.ConfigMaps)).Items.Count();
        var first = await home.Api.GetAsync(home.ConfigMaps + "?limit=2");
        Assert.Equal(all - 2, first.Body["metadata"]!["remainingItemCount"]!.GetValue<int>());
    }

    [Theory, OnEachCluster]
    public async Task A_continue_token_that_is_none_is_a_400(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind);
        Assert.Equal(400, (await home.Api.GetAsync(home.ConfigMaps + "?limit=1&continue=zzz")).Code);
    }

    [Theory, OnEachCluster]
    public async Task All_namespaces_are_listed_at_once(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "a");
        var list = await home.Api.GetAsync("/api/v1/configmaps");
        Assert.Contains(list.Items, item => item["metadata"]!["namespace"]!.GetValue<string>() == home.Namespace);
        Assert.Contains(list.Items, item => item["metadata"]!["namespace"]!.GetValue<string>() != home.Namespace);
    }

    [Theory, OnEachCluster]
    public async Task Deleting_a_collection_takes_what_is_selected(ClusterKind kind)
    {
        await using var home = await HomeWithAsync(kind, "a", "b");
        var answer = await home.Api.DeleteAsync(home.ConfigMaps + "?labelSelector=name%3Da");
        Assert.Equal(200, answer.Code);
        Assert.Equal(["b"], (await home.Api.GetAsync(home.ConfigMaps + "?labelSelector=set%3Dours")).ItemNames);
    }
}
