using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.Tests.External.Push;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Selectors of labels that cannot be read: nobody is let in by them, and nothing is deleted because of them.</summary>
public sealed class SelectorTests
{
    public static TheoryData<string, string> Unreadable { get; } = new()
    {
        { """{"matchExpressions":[{"key":"tenant","operator":"in","values":["yes"]}]}""", "matchExpressions[0].operator: \"in\" is none of In, NotIn, Exists, DoesNotExist" },
        { """{"matchExpressions":[{"key":"absent","operator":"NotIn"}]}""", "matchExpressions[0].values: operator NotIn needs at least one value" },
    };

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_ClusterExternalSecret_keeps_what_it_made_makes_no_more_and_says_why(string selector, string problem)
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterExternalSecret
            metadata: {name: all}
            spec:
              namespaceSelectors: [{matchLabels: {tenant: "yes"}}]
              externalSecretSpec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        var made = await stage.SourceAsync("all", _ => true, "team-a");
        await UntilAsync("True", "");
        await PatchAsync($$$"""{"spec":{"namespaceSelectors":[{{{selector}}}]}}""");
        var told = await UntilAsync("False", "spec.namespaceSelectors[0]." + problem);
        // The last is what Argo CD looks at.
        Assert.Equal([("Ready", "False"), ("Stalled", "True"), ("PartiallyReady", "True")], told.Status!.Conditions!.Select(condition => (condition.Type, condition.Status)));
        Assert.Equal(["team-a"], told.Status.ProvisionedNamespaces);
        await stage.UntilAsync(EndToEnd.Stage.Events, "", all => all.FirstOrDefault(found => found["reason"]?.GetValue<string>() == "Invalid"));
        // Another pass, for another namespace.
        await stage.NamespaceAsync("team-c", ("tenant", "yes"));
        await PatchAsync("""{"spec":{"namespaceSelectors":[{"matchLabels":{"tenant":"yes"}}]}}""");
        await stage.SourceAsync("all", _ => true, "team-c");
        Assert.Equal(made.Metadata.Uid, (await stage.SourceAsync("all", _ => true, "team-a")).Metadata.Uid);
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.ExternalSecrets, new("team-b", "all"), Ending));

        Task<ClusterExternalSecret> UntilAsync(string status, string message) => stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found =>
            found.Status?.ObservedGeneration == found.Metadata.Generation && found.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == status && (ready.Message ?? "").StartsWith(message, StringComparison.Ordinal)));

        Task PatchAsync(string patch) => stage.Kube.PatchAsync(ExternalKinds.ClusterExternalSecrets, new("", "all"), JsonNode.Parse(patch)!.AsObject(), Ending);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_ClusterPushSecret_keeps_what_it_made_makes_no_more_and_says_why(string selector, string problem)
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: ClusterPushSecret
            metadata: {name: all}
            spec:
              namespaceSelectors: [{matchLabels: {tenant: "yes"}}]
              pushSecretSpec: {secretStoreRefs: [{name: one}], selector: {secret: {name: source}}}
            """);
        var made = await MadeAsync("team-a");
        await PatchAsync($$$"""{"spec":{"namespaceSelectors":[{{{selector}}}]}}""");
        var told = await stage.UntilAsync(ExternalKinds.ClusterPushSecrets, "", all => all.FirstOrDefault(found =>
            found.Status?.ObservedGeneration == found.Metadata.Generation && found.Status?.Conditions?[0] is { Type: "Ready", Status: "False" } ready && ready.Message == "spec.namespaceSelectors[0]." + problem));
        Assert.Equal([("Ready", "False"), ("Stalled", "True")], told.Status!.Conditions!.Select(condition => (condition.Type, condition.Status)));
        await stage.NamespaceAsync("team-c", ("tenant", "yes"));
        await PatchAsync("""{"spec":{"namespaceSelectors":[{"matchLabels":{"tenant":"yes"}}]}}""");
        await MadeAsync("team-c");
        Assert.Equal(made.Metadata.Uid, (await MadeAsync("team-a")).Metadata.Uid);
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.PushSecrets, new("team-b", "all"), Ending));

        Task<PushSecret> MadeAsync(string ns) => stage.UntilAsync(ExternalKinds.PushSecrets, ns, all => all.FirstOrDefault(found => found.Metadata.Name == "all"));

        Task PatchAsync(string patch) => stage.Kube.PatchAsync(ExternalKinds.ClusterPushSecrets, new("", "all"), JsonNode.Parse(patch)!.AsObject(), Ending);
    }

    [Theory]
    [InlineData("""{"selector":{"secret":{"selector":{"matchExpressions":[{"key":"app","operator":"Equals","values":["db"]}]}}}}""", "spec.selector.secret.selector.matchExpressions[0].operator: \"Equals\" is none of In, NotIn, Exists, DoesNotExist")]
    [InlineData("""{"secretStoreRefs":[{"labelSelector":{"matchExpressions":[{"key":"tier","operator":"In"}]}}]}""", "spec.secretStoreRefs[0].labelSelector.matchExpressions[0].values: operator In needs at least one value")]
    public async Task A_PushSecret_takes_nothing_back_pushes_nothing_and_says_why(string spec, string problem)
    {
        await using var stage = await PushStage.StartedAsync(store: null);
        await PushStage.StoreAsync(stage, "one", "tier: gold");
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: source, labels: {app: db}}\nstringData: {key: v}");
        await PushStage.PushFromAsync(stage, "{secret: {selector: {matchLabels: {app: db}}}}", "deletionPolicy: Delete\n  data: " + PushStage.Data, "[{labelSelector: {matchLabels: {tier: gold}}}]");
        await PushStage.ReadyAsync(stage, "True");
        await PushStage.PatchAsync(stage, $$"""{"spec":{{spec}} }""");
        var told = await PushStage.ReadyAsync(stage, "False", problem);
        Assert.Contains(told.Status!.Conditions!, condition => condition is { Type: "Stalled", Status: "True" });
        Assert.Equal(["SecretStore/one remote"], PushStage.LyingIn(told));
        Assert.Equal("v", stage.Writable.Values["one/remote"]);
    }

    [Theory]
    [InlineData("""{"dataTo":[{"storeRef":{"name":"one"}},{"storeRef":{"labelSelector":{"matchExpressions":[{"key":"tier","operator":"exists"}]}}}]}""", "spec.dataTo[1].storeRef.labelSelector.matchExpressions[0].operator: \"exists\" is none of In, NotIn, Exists, DoesNotExist")]
    [InlineData("""{"refreshInterval":"1d"}""", "invalid refreshInterval \"1d\": time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("""{"refreshInterval":"1h","secretStoreRefs":[{"labelSelector":{}}]}""", null)]
    public void What_cannot_be_read_of_a_PushSecret_is_named(string spec, string? problem) =>
        Assert.Equal(problem, PushPolicy.Unreadable(JsonSerializer.Deserialize($$"""{"spec":{{spec}} }""", ApiJson.Compact.PushSecret)!.Spec));

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task The_condition_of_a_cluster_store_lets_nobody_in_and_the_store_says_why(string selector, string problem)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.StartAsync("--enable-flood-gate=false");
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {} }, conditions: [{namespaceSelector: {{{selector}}}}]}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, namespace: team-a}
            spec: {secretStoreRef: {name: all, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k} }]}
            """);
        await stage.ReadyAsync("db", "False", "using cluster store \"all\" is not allowed from namespace \"team-a\": denied by spec.condition", "team-a");
        await stage.UntilAsync(ExternalKinds.ClusterSecretStores, "", all => all.FirstOrDefault(store =>
            store.Status?.Conditions?[0] is { Status: "False", Reason: "InvalidProviderConfig" } ready && ready.Message == "unable to validate store: spec.conditions[0].namespaceSelector." + problem));
    }

    [Fact]
    public async Task An_interval_of_a_cluster_wide_object_that_is_none_is_named()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterExternalSecret
            metadata: {name: all}
            spec: {refreshTime: 1d, namespaces: [shop], externalSecretSpec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}}
            """);
        var told = await stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found => found.Status?.Conditions?[0] is { Type: "Ready", Status: "False" }));
        Assert.Equal("invalid refreshTime \"1d\": time: unknown unit \"d\" in duration \"1d\"", told.Status!.Conditions![0].Message);
        Assert.Equal("NotReady", told.Status.Conditions[^1].Type);
    }
}
