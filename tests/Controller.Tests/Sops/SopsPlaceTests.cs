using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>A ciphertext stays where its author put it: with a key that serves the whole cluster, whoever copies it opens nothing.</summary>
public sealed class SopsPlaceTests(SharedClusters clusters)
{
    [Theory]
    [InlineData("shop/db", "shop", "db", true)]
    [InlineData("shop/db", "shop", "other", false)]
    [InlineData("shop/*", "shop", "other", true)]
    [InlineData("shop/*", "evil", "db", false)]
    [InlineData("*", "evil", "any", true)]
    public void A_place_allows_what_it_says(string place, string ns, string name, bool allowed) =>
        Assert.Equal(allowed, SopsPlace.TryParse(place)!.Value.Allows(new NamespacedName(ns, name)));

    [Theory]
    [InlineData("")]
    [InlineData("shop")]
    [InlineData("shop/")]
    [InlineData("/db")]
    [InlineData("*/db")]
    [InlineData("*/*")]
    [InlineData("a/b/c")]
    public void What_is_no_place_allows_nothing(string text) => Assert.Null(SopsPlace.TryParse(text));

    [Theory, OnEachCluster]
    public async Task Keys_of_the_cluster_open_only_what_says_that_it_belongs_here(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--sops-keys-secret", "cluster-keys");
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("here", $"{{name: here, boundTo: {stage.Namespace}/here, stringData: {{a: x}}}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("any", $"{{name: any, boundTo: {stage.Namespace}/*, stringData: {{a: x}}}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("free", "{name: free, boundTo: \"*\", stringData: {a: x}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("renamed", $"{{name: renamed, boundTo: {stage.Namespace}/other, stringData: {{a: x}}}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("copied", "{name: copied, boundTo: elsewhere/copied, stringData: {a: x}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("silent", "{name: silent, stringData: {a: x}}"));

        foreach (var name in new[] { "here", "any", "free" }) await stage.SecretAsync(name, "a", "x");
        foreach (var name in new[] { "renamed", "copied" }) await stage.ReadyAsync(name, "False", SopsReason.BoundElsewhere);
        var silent = await stage.ReadyAsync("silent", "False", SopsReason.NotBound);
        Assert.Contains($"boundTo: {stage.Namespace}/silent", SopsStage.Condition(silent, "Ready")!.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task The_place_of_a_copy_can_neither_be_taken_out_nor_written_anew(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        stage.Start("--sops-keys-secret", "cluster-keys");
        var stolen = await SopsFiles.SopsSecretAsync("stolen", "{name: stolen, boundTo: elsewhere/stolen, stringData: {a: x}}");

        var without = stolen.DeepClone().AsObject();
        Template(without).Remove("boundTo");
        await stage.ApplyAsync(Named(without, "without"));

        // The rule is not authentic in an object: this one leaves the place in clear.
        var clear = stolen.DeepClone().AsObject();
        Template(clear)["boundTo"] = $"{stage.Namespace}/clear";
        clear["sops"]!["encrypted_suffix"] = null;
        clear["sops"]!["encrypted_regex"] = "^(name|stringData)$";
        await stage.ApplyAsync(Named(clear, "clear"));

        // A ciphertext of the attacker's own, under a data key of his.
        var grafted = stolen.DeepClone().AsObject();
        var own = await SopsFiles.SopsSecretAsync("grafted", $"{{name: grafted, boundTo: {stage.Namespace}/grafted, stringData: {{a: y}}}}");
        Template(grafted)["boundTo"] = Template(own)["boundTo"]!.DeepClone();
        await stage.ApplyAsync(Named(grafted, "grafted"));

        // An encrypted comment in front moves the templates by one.
        var shifted = stolen.DeepClone().AsObject();
        shifted["spec"]!["secretTemplates"]!.AsArray().Add(new JsonObject { ["name"] = "x", ["boundTo"] = "elsewhere/stolen" });
        shifted["sops"]!["encrypted_suffix"] = null;
        shifted["sops"]!["encrypted_regex"] = "^(stringData|name)$";
        await stage.ApplyAsync(Named(shifted, "shifted"));

        await stage.ReadyAsync("without", "False", SopsReason.NotBound);
        await stage.ReadyAsync("clear", "False", SopsReason.NotBound);
        await stage.ReadyAsync("grafted", "False", SopsReason.NotAuthentic);
        await stage.ReadyAsync("shifted", "False");
    }

    [Theory, OnEachCluster]
    public async Task What_does_not_say_opens_with_the_key_of_its_namespace_or_when_the_administrator_wants_it_so(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a", stage.Home, "cluster-keys");
        var strict = stage.Start("--sops-keys-secret", "cluster-keys");
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("silent", "{name: silent, stringData: {a: x}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("copied", "{name: copied, boundTo: elsewhere/copied, stringData: {a: x}}"));
        await stage.ReadyAsync("silent", "False", SopsReason.NotBound);
        await stage.StopAsync(strict);

        stage.Start("--sops-keys-secret", "cluster-keys", "--sops-allow-unbound");
        await stage.SecretAsync("silent", "a", "x");
        await stage.ReadyAsync("silent", "True");
        await stage.ReadyAsync("copied", "False", SopsReason.BoundElsewhere);
    }

    [Theory, OnEachCluster]
    public async Task Mounted_key_files_and_the_variables_of_the_original_serve_the_whole_cluster(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        var path = Path.Combine(Path.GetTempPath(), $"{stage.Namespace}.agekey");
        await File.WriteAllTextAsync(path, SopsFiles.Key("age-b"), TestContext.Current.CancellationToken);
        try
        {
            stage.Start(new Dictionary<string, string> { ["SOPS_AGE_KEY_FILE"] = path, ["SOPS_AGE_KEY"] = SopsFiles.Key("age-a") });
            await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("a", $"{{name: a, boundTo: {stage.Namespace}/a, stringData: {{a: x}}}}"));
            await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("b", $"{{name: b, boundTo: {stage.Namespace}/b, stringData: {{a: x}}}}", key: "age-b"));
            await stage.SecretAsync("a", "a", "x");
            await stage.SecretAsync("b", "a", "x");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JsonObject Template(JsonObject source) => source["spec"]!["secretTemplates"]![0]!.AsObject();

    private static JsonObject Named(JsonObject source, string name)
    {
        source["metadata"]!["name"] = name;
        return source;
    }
}
