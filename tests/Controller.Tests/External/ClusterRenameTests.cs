using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A ClusterExternalSecret whose ExternalSecrets get another name: the old ones, and with them their Secrets, go where the new ones are there.</summary>
public sealed class ClusterRenameTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_somebody_has_the_new_name_the_old_one_stays_until_it_is_free()
    {
        await using var stage = await StartedAsync();
        await stage.NamespaceAsync("team-b", ("tenant", "yes"));
        await EverywhereAsync(stage, "all", "one");
        foreach (var ns in (string[])["team-a", "team-b"]) await stage.ReadyAsync("one", "True", ns: ns);
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: taken, namespace: team-a}, spec: {secretStoreRef: {name: own}, data: [{secretKey: a, remoteRef: {key: k}}]}}");
        await RenameAsync(stage, "all", "taken");
        await stage.ReadyAsync("taken", "True", ns: "team-b");
        await stage.UntilAsync(ExternalKinds.ExternalSecrets, "team-b", all => all.Any(made => made.Metadata.Name == "one") ? null : all);
        var told = await ReadyAsync(stage, "all", "False");
        Assert.Equal(new FailedNamespace { Namespace = "team-a", Reason = "external secret already exists in namespace" }, Assert.Single(told.Status!.FailedNamespaces!));
        await stage.ReadyAsync("one", "True", ns: "team-a");

        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, new("team-a", "taken"), null, Ending);
        await stage.ReadyAsync("taken", "True", ns: "team-a");
        await stage.UntilAsync(ExternalKinds.ExternalSecrets, "team-a", all => all.Any(made => made.Metadata.Name == "one") ? null : all);
        await ReadyAsync(stage, "all", "True");
    }

    [Fact]
    public async Task Two_that_exchange_their_names_get_them()
    {
        await using var stage = await StartedAsync();
        await EverywhereAsync(stage, "first", "one");
        await EverywhereAsync(stage, "second", "two");
        foreach (var name in (string[])["one", "two"]) await stage.ReadyAsync(name, "True", ns: "team-a");
        await RenameAsync(stage, "first", "two");
        await ReadyAsync(stage, "first", "False");
        await stage.SourceAsync("one", made => OwnerOf(made) == "first", "team-a");
        await RenameAsync(stage, "second", "one");
        await stage.SourceAsync("two", made => OwnerOf(made) == "first", "team-a");
        await stage.SourceAsync("one", made => OwnerOf(made) == "second", "team-a");
        foreach (var name in (string[])["first", "second"]) await ReadyAsync(stage, name, "True");
    }

    private static string OwnerOf(ExternalSecret made) => Assert.Single(made.Metadata.OwnerReferences!).Name;

    private static async Task<ExternalStage> StartedAsync()
    {
        var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.StartAsync();
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: all}, spec: {provider: {scripted: {}}}}");
        return stage;
    }

    private static Task EverywhereAsync(ExternalStage stage, string name, string made) => stage.ApplyAsync($$"""
        apiVersion: external-secrets.io/v1
        kind: ClusterExternalSecret
        metadata: {name: {{name}} }
        spec:
          externalSecretName: {{made}}
          namespaceSelectors: [{matchLabels: {tenant: "yes"} }]
          externalSecretSpec:
            secretStoreRef: {name: all, kind: ClusterSecretStore}
            data: [{secretKey: a, remoteRef: {key: k} }]
        """);

    private static Task<ClusterExternalSecret> RenameAsync(ExternalStage stage, string name, string made) =>
        stage.Kube.PatchAsync(ExternalKinds.ClusterExternalSecrets, new("", name), new JsonObject { ["spec"] = new JsonObject { ["externalSecretName"] = made } }, Ending);

    /// <summary>Waits until the condition speaks of the name that is wanted now.</summary>
    private static Task<ClusterExternalSecret> ReadyAsync(ExternalStage stage, string name, string status) => stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found =>
        found.Metadata.Name == name && found.Status?.ExternalSecretName == found.EffectiveExternalSecretName && found.Status.Conditions?[0].Status == status));
}
