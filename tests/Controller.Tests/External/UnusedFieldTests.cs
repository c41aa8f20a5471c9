using GitOpsSecrets.Controller.External;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What a manifest says and its store has no ear for: it works as with the original, and its author is told.</summary>
public sealed class UnusedFieldTests
{
    [Theory]
    [InlineData("data: [{secretKey: a, remoteRef: {key: k}}]", "secret synced")]
    [InlineData("data: [{secretKey: a, remoteRef: {key: k, conversionStrategy: Default, decodingStrategy: None, metadataPolicy: None}}]", "secret synced")]
    [InlineData("data: [{secretKey: a, remoteRef: {key: k}}, {secretKey: b, remoteRef: {key: k, metadataPolicy: Fetch}}]", "secret synced; without effect: spec.data[1].remoteRef.metadataPolicy")]
    [InlineData("data: [{secretKey: a, remoteRef: {key: k, conversionStrategy: Unicode}}]", "secret synced; without effect: spec.data[0].remoteRef.conversionStrategy")]
    [InlineData("dataFrom: [{extract: {key: map, metadataPolicy: Fetch, conversionStrategy: Unicode}}]", "secret synced; without effect: spec.dataFrom[0].extract.metadataPolicy")]
    [InlineData("dataFrom: [{extract: {key: map, conversionStrategy: Unicode}, rewrite: [{regexp: {source: x, target: z}}]}]", "secret synced; without effect: spec.dataFrom[0].extract.conversionStrategy")]
    [InlineData("dataFrom: [{find: {name: {regexp: k}, conversionStrategy: Unicode}}]", "secret synced")]
    [InlineData("dataFrom: [{find: {name: {regexp: k}, path: p, tags: {a: b}}}]", "secret synced; without effect: spec.dataFrom[0].find.path, spec.dataFrom[0].find.tags")]
    public async Task What_has_no_effect_is_named_in_the_condition(string entries, string message)
    {
        await using var stage = await FakeStoreAsync();
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              secretStoreRef: {name: store}
              {{{entries}}}
            """);
        var ready = await stage.ReadyAsync("db", "True");
        Assert.Equal(("SecretSynced", message), (ready.Status!.Conditions![0].Reason, ready.Status.Conditions[0].Message));
    }

    [Theory]
    [InlineData("SSHKey", "{keyType: ed25519, keySize: 4096}", "; without effect: spec.keySize of SSHKey gen (spec.dataFrom[0])")]
    [InlineData("SSHKey", "{keyType: ecdsa, keySize: 512}", "; without effect: spec.keySize of SSHKey gen (spec.dataFrom[0])")]
    [InlineData("SSHKey", "{keyType: ecdsa, keySize: 384}", "")]
    [InlineData("Password", "{length: -3, noUpper: false, allowRepeat: true}", "; without effect: spec.length of Password gen (spec.dataFrom[0])")]
    [InlineData("Password", "{length: 8, noUpper: false, allowRepeat: true}", "")]
    public async Task What_has_no_effect_in_a_generator_is_named_in_the_condition(string kind, string spec, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealGenerators = true;
        await stage.StartAsync();
        await stage.ApplyAsync($"{{apiVersion: generators.external-secrets.io/v1alpha1, kind: {kind}, metadata: {{name: gen}}, spec: {spec}}}");
        await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {{name: db}}, spec: {{dataFrom: [{{sourceRef: {{generatorRef: {{apiVersion: generators.external-secrets.io/v1alpha1, kind: {kind}, name: gen}}}}}}]}}}}");
        Assert.Equal("secret synced" + told, (await stage.ReadyAsync("db", "True")).Status!.Conditions![0].Message);
    }

    [Fact]
    public async Task What_has_no_effect_in_a_ClusterGenerator_is_named_where_it_stands()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealGenerators = true;
        await stage.StartAsync();
        await stage.ApplyAsync("{apiVersion: generators.external-secrets.io/v1alpha1, kind: ClusterGenerator, metadata: {name: gen}, spec: {kind: SSHKey, generator: {sshKeySpec: {keyType: ed25519, keySize: 4096}}}}");
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: db}, spec: {dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: ClusterGenerator, name: gen}}}]}}");
        Assert.Equal("secret synced; without effect: spec.generator.sshKeySpec.keySize of ClusterGenerator gen (spec.dataFrom[0])", (await stage.ReadyAsync("db", "True")).Status!.Conditions![0].Message);
    }

    [Fact]
    public async Task What_has_no_effect_in_the_generator_of_a_push_is_named_in_its_condition()
    {
        await using var stage = await FakeStoreAsync(stage => stage.UsesRealGenerators = true);
        await stage.ApplyAsync("{apiVersion: generators.external-secrets.io/v1alpha1, kind: SSHKey, metadata: {name: gen}, spec: {keyType: ed25519, keySize: 4096}}");
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              secretStoreRefs: [{name: store}]
              selector: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: SSHKey, name: gen}}
              data: [{match: {secretKey: publicKey, remoteRef: {remoteKey: plain}}}]
            """);
        var push = await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(one => one.Status?.Conditions is [{ Type: "Ready" }, ..]));
        Assert.Equal(("True", "PushSecret synced successfully; without effect: spec.keySize of SSHKey gen (spec.selector)"), (push.Status!.Conditions![0].Status, push.Status.Conditions[0].Message));
    }

    [Fact]
    public async Task What_a_push_has_for_nothing_is_named_in_its_condition()
    {
        await using var stage = await FakeStoreAsync();
        await stage.CreateSecretAsync("source", ("a", "1"), ("b", "2"));
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              secretStoreRefs: [{name: store}]
              selector: {secret: {name: source}}
              data:
                - {match: {secretKey: a, remoteRef: {remoteKey: plain}}}
                - {match: {secretKey: a, remoteRef: {remoteKey: part, property: p}}}
              dataTo: [{storeRef: {name: store}, metadata: {any: thing}}]
            """);
        var push = await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(one => one.Status?.Conditions is [{ Type: "Ready" }, ..]));
        Assert.Equal(
            ("True", "Synced", "PushSecret synced successfully; without effect: spec.data[1].match.remoteRef.property (SecretStore/store), spec.dataTo[0].metadata (SecretStore/store)"),
            (push.Status!.Conditions![0].Status, push.Status.Conditions[0].Reason, push.Status.Conditions[0].Message));
    }

    private static async Task<ExternalStage> FakeStoreAsync(Action<ExternalStage>? set = null)
    {
        var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        set?.Invoke(stage);
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec: {provider: {fake: {data: [{key: k, value: v}, {key: map, value: '{"x":"1"}'}]}}}
            """);
        await stage.StoreReadyAsync("store", "True");
        return stage;
    }
}
