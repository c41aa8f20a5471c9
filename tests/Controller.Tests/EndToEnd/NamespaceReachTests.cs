using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.External;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>A listed namespace in which the controller has no roles (yet).</summary>
public sealed class NamespaceReachTests
{
    private const string Bare = "bare";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 403)]
    [InlineData("sealedsecrets", 403)]
    [InlineData("secrets", 403)]
    [InlineData(null, 404)]
    public async Task One_without_roles_holds_up_no_other_is_told_once_and_comes_in_by_itself(string? resource, int code)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await MakeAsync(stage.Kube, Bare);
        using (var fault = stage.Faults.Answer(code, new FaultMatch("list", resource, $"/namespaces/{Bare}/")))
        {
            await stage.StartAsync("--additional-namespaces", $"shop,{Bare}");
            await stage.ApplyAsync(TestKeys.Seal("one", Bare, "db", ("a", "1")));
            await stage.ApplyAsync("db", ("a", "1"));
            await stage.SecretAsync("db", "a", "1");
            await Eventually.TrueAsync(() => fault.Hits >= 6, "further tries");
            Assert.All(Told(stage, "may not list them", Bare).CountBy(line => line.Split(": ")[0]), line => Assert.Equal(1, line.Value));
            Assert.Contains(Told(stage, "may not list them", Bare), line => line.Contains($"{resource ?? "secrets"}", StringComparison.Ordinal) && line.Contains($"({code switch { 403 => "API server: 403 Forbidden", _ => "API server: 404 NotFound" }})", StringComparison.Ordinal));
            Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, new(Bare, "db"), Ending));
        }
        await stage.UntilAsync(ClusterKinds.Secrets, Bare, all => all.FirstOrDefault(secret => secret.Metadata.Name == "db"));
    }

    [Fact]
    public async Task Its_own_holds_up_no_listed_one_and_keys_are_read_where_they_may_be_listed_only()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var own = $"/namespaces/{Stage.KeyNamespace}/";
        using var unlisted = stage.Faults.Answer(403, new FaultMatch("list", "sealedsecrets", own));
        using var unread = stage.Faults.Answer(403, new FaultMatch("get", "secrets", own));
        using var unwatched = stage.Faults.Answer(403, new FaultMatch("watch", "secrets", own));
        var controller = await stage.StartAsync("--additional-namespaces", Stage.Namespace);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SecretAsync("db", "a", "1");

        await stage.PutKeyAsync("two");
        await Eventually.TrueAsync(() => controller.Keys.Ring.Keys.Count == 2, "a key that only the next list shows");
        var told = Told(stage, "may list them", Stage.KeyNamespace).ToList();
        // Secrets for SealedSecrets, and the two watches of keys.
        Assert.Equal(3, told.Count);
        Assert.All(told, line => Assert.Contains("secrets: the controller may list them in namespace kube-system and not watch them (API server: 403 Forbidden)", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_ExternalSecret_is_judged_by_is_not_missing_because_it_cannot_be_listed_yet()
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipUnless(stage.Cluster is LocalTestCluster, "kube-apiserver makes no faults when asked to");
        await MakeAsync(stage.Kube, Bare);
        stage.Provider.Values["k"] = "1";
        await stage.StoreAsync();
        var store = await stage.Kube.GetAsync(ExternalKinds.SecretStores, new(ExternalStage.Namespace, "store"), Ending);
        await stage.Kube.CreateAsync(ExternalKinds.SecretStores, store with { Metadata = new() { Namespace = Bare, Name = "store" }, Status = null }, Ending);
        using (var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("list", "secretstores", $"/namespaces/{Bare}/")))
        {
            await stage.StartAsync("--additional-namespaces", $"shop,{Bare}");
            await stage.ExternalAsync("db", ("a", "k"));
            await stage.SecretAsync("db", "a", "1");
            var there = await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, new(ExternalStage.Namespace, "db"), Ending);
            await stage.Kube.CreateAsync(ExternalKinds.ExternalSecrets, there with { Metadata = new() { Namespace = Bare, Name = "db" }, Status = null }, Ending);
            await Eventually.TrueAsync(() => fault.Hits >= 3, "further tries");
            Assert.Null((await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, new(Bare, "db"), Ending)).Status?.Conditions);
        }
        await stage.UntilAsync(ClusterKinds.Secrets, Bare, all => all.FirstOrDefault(secret => secret.Metadata.Name == "db"));
    }

    [Fact]
    public async Task A_store_stays_held_while_who_needs_it_cannot_be_listed()
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipUnless(stage.Cluster is LocalTestCluster, "kube-apiserver makes no faults when asked to");
        await MakeAsync(stage.Kube, Bare);
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: shared, finalizers: [{{{ExternalSecretNames.SecretStoreFinalizer}}}]}
            spec: {provider: {writable: {} } }
            ---
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push, namespace: {{{Bare}}} }
            spec: {deletionPolicy: Delete, secretStoreRefs: [{kind: ClusterSecretStore, name: shared}], selector: {secret: {name: source} } }
            """);
        Task<ClusterSecretStore> SharedAsync(bool isHeld) => stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all =>
            all.FirstOrDefault(store => store.Status?.Conditions is not null && store.Metadata.Finalizers?.Count > 0 == isHeld));
        using (var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("list", "pushsecrets", $"/namespaces/{Bare}/")))
        {
            var controller = await stage.StartAsync("--additional-namespaces", $"shop,{Bare}");
            await SharedAsync(isHeld: true);
            await Eventually.TrueAsync(() => fault.Hits >= 3 && controller.External!.IsIdle, "further tries");
            await SharedAsync(isHeld: true);
        }
        await stage.UntilAsync(ExternalKinds.PushSecrets, Bare, all => all.FirstOrDefault(push => push.Status?.Conditions is not null));
        await SharedAsync(isHeld: true);
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, new(Bare, "push"), null, Ending);
        await SharedAsync(isHeld: false);
    }

    private static IEnumerable<string> Told(Stage stage, string what, string ns) => stage.Log.ToString().Split('\n').Where(line => line.Contains($"{what} in namespace {ns}", StringComparison.Ordinal)).Select(line => line[line.IndexOf("msg=", StringComparison.Ordinal)..]);

    private static Task<JsonObject> MakeAsync(KubeClient kube, string name) => kube.CreateAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name },
    }, Ending);
}
