using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>Templates that get another name: the old Secret goes when the new one is there, and not before.</summary>
public sealed class SopsRenameTests(SharedClusters clusters)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_name_that_nobody_has_is_had_and_the_old_Secret_goes(ClusterKind kind)
    {
        await using var stage = await StartedAsync(kind);
        await MakeAsync(stage, "db", "one");
        await RenameAsync(stage, "db", "new");
        await stage.SecretAsync("new", "of", "db");
        await stage.GoneAsync("one");
        await stage.ReadyAsync("db", "True");
    }

    [Theory, OnEachCluster]
    public async Task A_name_that_somebody_has_costs_nobody_the_old_Secret_until_it_is_free(ClusterKind kind)
    {
        await using var stage = await StartedAsync(kind);
        await MakeAsync(stage, "db", "one");
        await MakeAsync(stage, "web", "of-web");
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret { Metadata = new ObjectMeta { Namespace = stage.Namespace, Name = "foreign" } }, Ending);
        foreach (var taken in (string[])["of-web", "foreign"])
        {
            await RenameAsync(stage, "db", taken);
            var told = await stage.ReadyAsync("db", "False", SopsReason.NotOwned);
            Assert.EndsWith("\"" + taken + "\" already exists and is not managed by SopsSecret; until all that is declared is there, this stays: one", SopsStage.Condition(told, "Ready")!.Message, StringComparison.Ordinal);
            await stage.SecretAsync("one", "of", "db");
        }
        await stage.SecretAsync("of-web", "of", "web");

        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, stage.Key("foreign"), null, Ending);
        await stage.SecretAsync("foreign", "of", "db");
        await stage.GoneAsync("one");
        await stage.ReadyAsync("db", "True");
    }

    [Theory, OnEachCluster]
    public async Task Two_that_exchange_their_names_get_them(ClusterKind kind)
    {
        await using var stage = await StartedAsync(kind);
        await MakeAsync(stage, "db", "one");
        await MakeAsync(stage, "web", "two");
        await RenameAsync(stage, "db", "two");
        await stage.ReadyAsync("db", "False", SopsReason.NotOwned);
        await stage.SecretAsync("one", "of", "db");
        await RenameAsync(stage, "web", "one");
        await stage.SecretAsync("two", "of", "db");
        await stage.SecretAsync("one", "of", "web");
        await stage.ReadyAsync("db", "True");
        await stage.ReadyAsync("web", "True");
    }

    [Theory, OnEachCluster]
    public async Task Three_that_pass_their_names_on_get_them_and_wait_while_the_last_cannot_have_its(ClusterKind kind)
    {
        await using var stage = await StartedAsync(kind);
        foreach (var (source, name) in ((string, string)[])[("db", "one"), ("web", "two"), ("api", "three")]) await MakeAsync(stage, source, name);
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret { Metadata = new ObjectMeta { Namespace = stage.Namespace, Name = "foreign" } }, Ending);
        foreach (var (source, name) in ((string, string)[])[("api", "foreign"), ("web", "three"), ("db", "two")])
        {
            await RenameAsync(stage, source, name);
            await stage.ReadyAsync(source, "False", SopsReason.NotOwned);
        }
        foreach (var (source, name) in ((string, string)[])[("db", "one"), ("web", "two"), ("api", "three")]) await stage.SecretAsync(name, "of", source);

        await RenameAsync(stage, "api", "one");
        foreach (var (source, name) in ((string, string)[])[("db", "two"), ("web", "three"), ("api", "one")])
        {
            await stage.SecretAsync(name, "of", source);
            await stage.ReadyAsync(source, "True");
        }
    }

    [Fact]
    public async Task What_cannot_be_deleted_keeps_nothing_from_being_written_and_is_told_until_it_can()
    {
        await using var stage = await StartedAsync(ClusterKind.Local);
        await MakeAsync(stage, "db", "one");
        using (((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("delete", PathContains: $"/{stage.Namespace}/secrets/one")))
        {
            await RenameAsync(stage, "db", "new");
            var told = await stage.ReadyAsync("db", "False", SopsReason.WriteFailed);
            Assert.StartsWith("the Secret \"one\" is declared no more and could not be deleted: the API server forbids it", SopsStage.Condition(told, "Ready")!.Message, StringComparison.Ordinal);
            await stage.SecretAsync("new", "of", "db");
        }
        await stage.GoneAsync("one");
        await stage.ReadyAsync("db", "True");
    }

    private async Task<SopsStage> StartedAsync(ClusterKind kind)
    {
        var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        return stage;
    }

    private static Task<JsonObject> SourceAsync(string source, string name) => SopsFiles.SopsSecretAsync(source, $"{{name: {name}, stringData: {{of: {source}}}}}");

    private static async Task MakeAsync(SopsStage stage, string source, string name)
    {
        await stage.ApplyAsync(await SourceAsync(source, name));
        await stage.SecretAsync(name, "of", source);
        await stage.ReadyAsync(source, "True");
    }

    private static async Task RenameAsync(SopsStage stage, string source, string name)
    {
        var next = await SourceAsync(source, name);
        await stage.ChangeAsync(source, present => (present["spec"], present["sops"]) = (next["spec"]!.DeepClone(), next["sops"]!.DeepClone()));
    }
}
