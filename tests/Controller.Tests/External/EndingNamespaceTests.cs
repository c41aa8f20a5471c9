using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>
/// A namespace that is deleted takes its objects along one after the other, or, where no controller of Kubernetes runs, keeps them for ever. A Secret that goes before its
/// source is not mourned: no call, no write, no word.
/// </summary>
public sealed class EndingNamespaceTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Secret_of_an_ExternalSecret_that_goes_with_its_namespace_is_not_asked_for_again()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.StartAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
        await stage.Kube.DeleteAsync(ExternalKinds.Namespaces, new NamespacedName("", ExternalStage.Namespace), null, Ending);
        // Who is served by its labels is seen after what came before it.
        await stage.NamespaceAsync("later", ("team", "later"));
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: shared}
            spec:
              conditions: [{namespaceSelector: {matchLabels: {team: later}}}]
              provider: {scripted: {}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: other, namespace: later}
            spec:
              secretStoreRef: {name: shared, kind: ClusterSecretStore}
              data: [{secretKey: a, remoteRef: {key: k}}]
            """);
        await stage.ReadyAsync("other", "True", ns: "later");
        var calls = stage.Provider.Calls.Count;
        await LoseAsync(stage.Kube, ExternalStage.Key("db"));
        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, new NamespacedName("later", "other"), null, Ending);
        await stage.SecretAsync("other", ns: "later");
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "what the end of the Secrets woke");
        Assert.Equal(calls + 1, stage.Provider.Calls.Count);
        Assert.DoesNotContain("terminat", stage.Log.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_SealedSecret_whose_Secret_goes_with_its_namespace_is_not_said_to_fail()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.Kube.DeleteAsync(ExternalKinds.Namespaces, new NamespacedName("", Stage.Namespace), null, Ending);
        stage.Cluster.Requests.Clear();
        await LoseAsync(stage.Kube, Stage.Key("db"));
        if (await stage.Kube.FindAsync(SealedSecretKind.Instance, Stage.Key("db"), Ending) is null) return; // It was quicker.
        await Eventually.TrueAsync(() => stage.Cluster.Requests.Count(request => request.Verb == "create" && request.Resource == "secrets") > 0, "the attempt to heal");
        await stage.StopAsync(controller);
        if (await stage.Kube.FindAsync(SealedSecretKind.Instance, Stage.Key("db"), Ending) is { } left) Assert.True(SealedStatus.IsSynced(left.Status));
        Assert.DoesNotContain("Forbidden", stage.Log.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task LoseAsync(KubeClient kube, NamespacedName secret)
    {
        try
        {
            await kube.DeleteAsync(ClusterKinds.SecretResource, secret, null, Ending);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            // With its namespace.
        }
    }
}
