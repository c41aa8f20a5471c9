using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.External;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>Flags that narrow what is watched.</summary>
public sealed class WatchingTests
{
    [Fact]
    public async Task With_skip_recreate_Secrets_are_not_watched_and_a_deleted_one_comes_back_with_the_next_change()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--skip-recreate");
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.DeleteSecretAsync(Stage.Key("db"));

        // Had the deletion been seen, it would have been worked on before this.
        await stage.ApplyAsync("web", ("a", "1"));
        await stage.SecretAsync("web", "a", "1");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken));
        // The test itself looks at one namespace; a controller that watches them watches all.
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request is { Verb: "list" or "watch", Resource: "secrets", Namespace: "" }));

        await stage.ChangeAsync("db", source => source with { Spec = TestKeys.Seal("one", Stage.Namespace, "db", ("a", "2")).Spec });
        await stage.SecretAsync("db", "a", "2");
    }

    [Fact]
    public async Task With_a_label_selector_only_what_matches_is_served_until_a_label_is_added()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--label-selector", "team=a");
        await stage.ApplyAsync("other", ("a", "1"));
        await stage.ApplyAsync(Labelled(TestKeys.Seal("one", Stage.Namespace, "mine", ("a", "1"))));
        await stage.SecretAsync("mine", "a", "1");
        await stage.SyncedAsync("mine", "True");
        Assert.Equal(-1, (await stage.SealedAsync("other", _ => true)).Status!.ObservedGeneration);
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("other"), TestContext.Current.CancellationToken));

        await stage.ChangeAsync("other", Labelled);
        await stage.SecretAsync("other", "a", "1");
    }

    [Fact]
    public async Task With_a_label_selector_a_labelled_Secret_that_goes_comes_back_and_one_that_loses_its_label_gets_it_back()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--label-selector", "team=a");
        var source = Labelled(TestKeys.Seal("one", Stage.Namespace, "db", ("a", "1")));
        await stage.ApplyAsync(source with { Spec = source.Spec with { Template = new SecretTemplateSpec { Metadata = new ObjectMeta { Labels = source.Metadata.Labels } } } });
        await stage.SyncedAsync("db", "True");
        var first = await stage.SecretAsync("db", "a", "1");

        await stage.DeleteSecretAsync(Stage.Key("db"));
        var second = await stage.SecretAsync("db", secret => secret.Metadata.Uid != first.Metadata.Uid);
        Assert.Equal("1", Stage.Item(second, "a"));

        await stage.PatchSecretAsync(Stage.Key("db"), """{"metadata":{"labels":{"team":null}}}""");
        await stage.SecretAsync("db", secret => secret.Metadata.Labels?.GetValueOrDefault("team") == "a");
    }

    [Fact]
    public async Task Of_all_Secrets_only_the_metadata_is_watched_for_SealedSecrets_and_SopsSecrets()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        OnlyMetadataIsWatched(stage.Cluster);
    }

    [Fact]
    public async Task Of_all_Secrets_only_the_metadata_is_watched_for_ExternalSecrets()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "1");
        OnlyMetadataIsWatched(stage.Cluster);
    }

    private static void OnlyMetadataIsWatched(ITestCluster cluster)
    {
        Assert.SkipWhen(cluster.IsReal, "an audit log does not say in which form an answer was asked for");
        var requests = cluster.Requests.All().Where(request => request is { Verb: "list" or "watch", Resource: "secrets", Namespace: "" }).ToList();
        Assert.Equal(["list", "watch"], requests.Select(request => request.Verb).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(requests, request => Assert.Contains("as=PartialObjectMetadata", request.Accept, StringComparison.Ordinal));
    }

    private static SealedSecret Labelled(SealedSecret source) =>
        source with { Metadata = source.Metadata with { Labels = new(StringComparer.Ordinal) { ["team"] = "a" } } };
}
