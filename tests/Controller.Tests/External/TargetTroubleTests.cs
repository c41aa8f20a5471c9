using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Templates and keys out of which no Secret can be made: told in the condition, with nothing lost and nobody else held up.</summary>
public sealed class TargetTroubleTests
{
    [Theory]
    [InlineData("{{ .a", "unclosed action")]
    [InlineData("{{ .nope }}", "map has no entry for key \"nope\"")]
    [InlineData("{{ define \"x\" }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}", "")]
    [InlineData("{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}", "")]
    [InlineData("{{ repeat 1000000000 \"x\" }}", "")]
    public async Task A_template_that_does_not_parse_that_loops_or_that_explodes_is_told_and_the_Secret_stays(string template, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        (stage.Provider.Values["k"], stage.Provider.Values["other"]) = ("hunter2", "v");
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "hunter2");
        await stage.ReadyAsync("db", "True");
        var data = new JsonObject { ["data"] = new JsonObject { ["a"] = template } };
        await stage.PatchAsync("db", new JsonObject { ["spec"] = new JsonObject { ["target"] = new JsonObject { ["template"] = data } } }.ToJsonString());
        var source = await stage.ReadyAsync("db", "False", "could not update secret: could not apply template: ");
        Assert.Contains(told, source.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", source.Status.Conditions[0].Message, StringComparison.Ordinal);
        await stage.SecretAsync("db", "a", "hunter2");
        await stage.ExternalAsync("neighbour", ("a", "other"));
        await stage.SecretAsync("neighbour", "a", "v");
    }

    [Theory]
    [InlineData("""{"a b":"1"}""", "{extract: {key: k}, rewrite: [{regexp: {source: '^(.*)$', target: '$1'}}]}", "invalid secret keys")]
    [InlineData("""{"a b":"1","a/b":"2"}""", "{extract: {key: k}}", "secret name collision during conversion")]
    [InlineData("""{"a":"1"}""", "{extract: {key: k}, rewrite: [{regexp: {source: '(', target: x}}]}", "missing closing )")]
    [InlineData("no JSON", "{extract: {key: k}}", "unable to unmarshal secret")]
    public async Task Keys_that_no_Secret_can_have_and_keys_that_become_one_are_named(string value, string entry, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        await stage.StartAsync();
        await stage.ApplyAsync($$$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec: {provider: {fake: {data: [{key: k, value: '{{{{value}}}}'}]} } }
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: store}, dataFrom: [{{{{entry}}}}]}
            """);
        // What it says of a store that is not seen yet begins with the same words.
        var source = await stage.ReadyAsync("db", "False", told);
        Assert.StartsWith("could not get secret data from provider: error processing spec.dataFrom[0].extract, err: ", source.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, source.Status.Conditions[0].Message!, StringComparison.Ordinal);
    }

    /// <summary>Its type cannot be changed in place: what is there goes only when the API server has said that it takes what shall come.</summary>
    [Fact]
    public async Task A_type_that_the_API_server_does_not_take_costs_no_Secret_and_one_that_it_takes_then_replaces_it()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "hunter2";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        var old = await stage.SecretAsync("db", "a", "hunter2");
        await stage.PatchAsync("db", """{"spec":{"target":{"template":{"type":"kubernetes.io/tls"}}}}""");
        var source = await stage.ReadyAsync("db", "False", "its type cannot be changed to kubernetes.io/tls so, and the Secret stays as it was");
        Assert.Contains("data[tls.crt]", source.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.Equal((old.Metadata.Uid, "Opaque"), (await stage.SecretAsync("db", "a", "hunter2") is var kept ? kept.Metadata.Uid : "", kept.Type));
        await stage.PatchAsync("db", """{"spec":{"target":{"template":{"type":"example.com/mine"}}}}""");
        var made = await stage.SecretAsync("db", secret => secret.Type == "example.com/mine");
        Assert.Equal(("hunter2", old.Metadata.OwnerReferences![0]), (Stage.Item(made, "a"), made.Metadata.OwnerReferences![0]));
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task A_Secret_that_could_not_be_made_anew_after_all_comes_back_as_it_was()
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipWhen(stage.Cluster.IsReal, "kube-apiserver makes no faults when asked to");
        stage.Provider.Values["k"] = "hunter2";
        // No time passes, so nothing is tried again.
        await stage.BeginAsync(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await stage.ExternalAsync("db", ("a", "k"));
        var old = await stage.SecretAsync("db", "a", "hunter2");
        await stage.ReadyAsync("db", "True");
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(422, new FaultMatch("create", PathContains: "/secrets?fieldManager="), times: 1);
        await stage.PatchAsync("db", """{"spec":{"target":{"template":{"type":"example.com/mine"}}}}""");
        await stage.ReadyAsync("db", "False", "the Secret stays as it was");
        var back = await stage.SecretAsync("db", "a", "hunter2");
        Assert.Equal(("Opaque", old.Metadata.OwnerReferences![0], Shown(old)), (back.Type, back.Metadata.OwnerReferences![0], Shown(back)));

        static string Shown(Api.Secret secret) => $"{string.Join(' ', secret.Metadata.Labels ?? [])} {string.Join(' ', secret.Metadata.Annotations ?? [])}";
    }

    /// <summary>As OwnerReferencesPermissionEnforcement does to who may not update the owner's finalizers.</summary>
    [Theory]
    [InlineData("{}", "/secrets?")]
    [InlineData("{manifest: {apiVersion: v1, kind: ConfigMap}}", "/configmaps?")]
    public async Task Who_may_not_have_the_owner_s_deletion_wait_owns_all_the_same(string target, string path)
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipWhen(stage.Cluster.IsReal, "kube-apiserver makes no faults when asked to");
        stage.Provider.Values["k"] = "v";
        await stage.BeginAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), "--unsafe-allow-generic-targets");
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("create", PathContains: path), times: 1);
        await stage.ExternalAsync("db", target, "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        Assert.Equal(1, fault.Hits);
        var resource = new KubeResource("", "v1", path.Trim('/', '?'), Namespaced: true);
        var made = await stage.Kube.FindAsync(KubeKind.Untyped(resource), ExternalStage.Key("db"), TestContext.Current.CancellationToken);
        var owner = Assert.Single(made!["metadata"]!["ownerReferences"]!.AsArray())!;
        Assert.Equal(("db", true, null), ((string)owner["name"]!, (bool)owner["controller"]!, owner["blockOwnerDeletion"]));
        // And it is not asked for again.
        stage.Provider.Values["k"] = "w";
        using var second = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("update", PathContains: path.Replace("?", "/db", StringComparison.Ordinal)), times: 1);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.ReadyAsync("db", "False", "the API server forbids it");
    }

    [Fact]
    public async Task An_ExternalSecret_that_the_webhook_would_refuse_says_so_in_its_words_and_asks_nobody()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: Merge, deletionPolicy: Delete}", "1h", ("a", "k"), ("b", "k"));
        var source = await stage.ReadyAsync("db", "False", "the ExternalSecret is not valid: deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner");
        Assert.Contains(source.Status!.Conditions!, condition => condition is { Type: "Stalled", Status: "True" });
        Assert.Empty(stage.Provider.Calls);
        await stage.PatchAsync("db", """{"spec":{"target":{"creationPolicy":"Owner"}}}""");
        await stage.SecretAsync("db", "a", "v");
    }

    [Theory]
    [InlineData("{provider: {scripted: {}, fake: {}}}", "unable to create client: store error for x: secret stores must only have exactly one backend specified, found 2")]
    [InlineData("{provider: {alibaba: {}}}", "unable to create client: failed to find registered store backend for type: alibaba, name: x")]
    [InlineData("{provider: {onepasswordSDK: {}}}", "unable to create client: failed to find registered store backend for type: onepasswordSDK, name: x: it is not supported yet: its values are encrypted in the client by a closed module")]
    [InlineData("{provider: {scripted: {}}, conditions: [{namespaceRegexes: ['(']}]}", "unable to validate store: failed to compile 0th namespace regex in 0th condition: ")]
    [InlineData("{provider: {scripted: {wrong: 1}}}", "unable to validate store: provider.scripted.wrong is wrong")]
    public async Task A_store_that_the_webhook_would_refuse_says_so_in_its_words(string spec, string message)
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: x}
            spec: {{{spec}}}
            """);
        await stage.StoreReadyAsync("x", "False", message);
    }
}
