using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Sealed;

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
        Assert.Equal(0, stage.Cluster.Server.Requests.Count(request => request is { Verb: "list" or "watch", Resource: "secrets", Namespace: "" }));

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
        Assert.Null((await stage.SealedAsync("other", _ => true)).Status);
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("other"), TestContext.Current.CancellationToken));

        await stage.ChangeAsync("other", Labelled);
        await stage.SecretAsync("other", "a", "1");
    }

    private static SealedSecret Labelled(SealedSecret source) =>
        source with { Metadata = source.Metadata with { Labels = new(StringComparer.Ordinal) { ["team"] = "a" } } };
}
