using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Sealed;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A controller that deletes the Secrets of deleted SealedSecrets itself: which it does not. One pass at a time: when the next SealedSecret is served, that is over.</summary>
public sealed class RetirementTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Secret_of_a_SealedSecret_that_lost_the_label_by_which_it_is_served_is_not_deleted_here()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--old-gc-behavior", "--label-selector=serve=here", "--workers=1");
        await ApplyAsync("db");
        await stage.SyncedAsync("db", "True");
        await stage.ChangeAsync("db", source => source with { Metadata = source.Metadata with { Labels = null } });
        await ApplyAsync("next");
        await stage.SyncedAsync("next", "True");
        Assert.NotNull(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("db"), Ending));

        Task ApplyAsync(string name)
        {
            var source = TestKeys.Seal("one", Stage.Namespace, name, ("a", "1"));
            return stage.ApplyAsync(source with { Metadata = source.Metadata with { Labels = new(StringComparer.Ordinal) { ["serve"] = "here" } } });
        }
    }

    [Fact]
    public async Task The_Secret_of_a_SealedSecret_of_another_group_is_not_deleted_here()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var theirs = await ForeignOwner.MakeAsync(stage.Kube, SealedSecret.SealedSecretKind, Stage.Key("db"));
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret { Metadata = new ObjectMeta { Namespace = Stage.Namespace, Name = "db", OwnerReferences = [theirs] } }, Ending);
        await stage.StartAsync("--old-gc-behavior", "--workers=1");
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "False");
        await stage.Kube.DeleteAsync(SealedSecretKind.Instance.Resource, Stage.Key("db"), null, Ending);
        await stage.ApplyAsync("next", ("a", "1"));
        await stage.SyncedAsync("next", "True");
        Assert.NotNull(await stage.Kube.FindAsync(ClusterKinds.Secrets, Stage.Key("db"), Ending));
    }
}
