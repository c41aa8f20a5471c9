using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What was fetched for one namespace is never served to another that may not use that store with that identity.</summary>
public sealed class TenancyTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_namespace_without_credentials_of_its_own_gets_nothing_though_the_answer_is_at_hand()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("other");
        stage.Provider.Values["ann/k"] = "of ann";
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            stringData: {user: ann}
            """);
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {credential: login}}}
            """);
        await UseAsync(stage, ExternalStage.Namespace);
        await stage.SecretAsync("db", "a", "of ann");
        await UseAsync(stage, "other");
        await stage.ReadyAsync("db", "False", "could not use ClusterSecretStore \"all\"", "other");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, new("other", "db"), Ending));
        Assert.Equal(["ann/k"], stage.Provider.Calls);
    }

    [Fact]
    public async Task Stores_of_the_same_name_in_two_namespaces_share_nothing()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("other");
        stage.Provider.Values["ann/k"] = "of ann";
        stage.Provider.Values["bob/k"] = "of bob";
        await stage.StartAsync();
        foreach (var (ns, user) in new[] { (ExternalStage.Namespace, "ann"), ("other", "bob") })
        {
            await stage.ApplyAsync($$$"""
                apiVersion: v1
                kind: Secret
                metadata: {name: login, namespace: {{{ns}}} }
                stringData: {user: {{{user}}} }
                ---
                apiVersion: external-secrets.io/v1
                kind: SecretStore
                metadata: {name: store, namespace: {{{ns}}} }
                spec: {provider: {scripted: {credential: login} } }
                ---
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata: {name: db, namespace: {{{ns}}} }
                spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
                """);
        }
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "of ann");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "of bob", "other");
        Assert.Equal(["ann/k", "bob/k"], stage.Provider.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_namespace_that_is_admitted_no_more_gets_nothing_though_the_answer_is_at_hand()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("other", ("tenant", "yes"));
        await stage.NamespaceAsync("third", ("tenant", "yes"));
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {}}, conditions: [{namespaceSelector: {matchLabels: {tenant: "yes"}}}]}
            """);
        await UseAsync(stage, "other");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "v", "other");
        await UseAsync(stage, "third");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "v", "third");
        // One answer served both. Now one of them leaves, and asks for more of it.
        await stage.Kube.PatchAsync(
            KubeKind.Untyped(ExternalKinds.Namespaces), new("", "third"), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["tenant"] = null } } }, Ending);
        await UntilDeniedAsync(stage, "third");
        await stage.Kube.PatchAsync(ExternalKinds.ExternalSecrets, new("third", "db"), JsonNode.Parse("""{"spec":{"target":{"name":"another"}}}""")!.AsObject(), Ending);
        await stage.ReadyAsync("db", "False", "using cluster store \"all\" is not allowed from namespace \"third\": denied by spec.condition", "third");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, new("third", "another"), Ending));
        Assert.Equal(["k"], stage.Provider.Calls);
    }

    [Fact]
    public async Task A_namespace_that_gets_the_label_is_admitted_without_waiting_for_the_next_try()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("other", ("tenant", "no"));
        // Its clock stands still: nobody comes back by time.
        var process = stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow), "--enable-flood-gate=false");
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {}}, conditions: [{namespaceSelector: {matchLabels: {tenant: "yes"}}}]}
            """);
        await stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all => all.FirstOrDefault(store => store.Status?.Conditions?[0].Status == "True"));
        await UseAsync(stage, "other");
        await stage.ReadyAsync("db", "False", "using cluster store \"all\" is not allowed from namespace \"other\": denied by spec.condition", "other");
        await stage.Kube.PatchAsync(
            KubeKind.Untyped(ExternalKinds.Namespaces), new("", "other"), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["tenant"] = "yes" } } }, Ending);
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "v", "other");
    }

    /// <summary>Namespaces have a watch of their own, which may be behind that of ExternalSecrets.</summary>
    private static async Task UntilDeniedAsync(ExternalStage stage, string ns)
    {
        for (var turn = 0; ; turn++)
        {
            await UseAsync(stage, ns, $"probe{turn}");
            var probe = await stage.SourceAsync($"probe{turn}", source => source.Status?.Conditions is [{ Type: "Ready" }, ..], ns);
            if (probe.Status!.Conditions![0].Status == "False") return;
        }
    }

    private static Task UseAsync(ExternalStage stage, string ns, string name = "db") => stage.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}}, namespace: {{{ns}}} }
        spec: {secretStoreRef: {name: all, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}
        """);
}
