using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.External.Push;

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
    [InlineData("dataFrom: [{extract: {key: nested}, rewrite: [{regexp: {source: 'y', target: zz}}, {merge: {into: all}}]}]", "secret synced; without effect: spec.dataFrom[0].rewrite[1].merge.into")]
    [InlineData("dataFrom: [{extract: {key: nested}, rewrite: [{merge: {into: all, strategy: JSON}}]}]", "secret synced")]
    [InlineData("dataFrom: [{extract: {key: nested}, rewrite: [{merge: {priority: [none], priorityPolicy: IgnoreNotFound}}]}]", "secret synced")]
    [InlineData("dataFrom: [{extract: {key: nested}, rewrite: [{merge: {priorityPolicy: IgnoreNotFound}}]}]", "secret synced; without effect: spec.dataFrom[0].rewrite[0].merge.priorityPolicy")]
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
    [InlineData("refreshInterval: 1m, syncWindows: WINDOWS", "")]
    [InlineData("refreshInterval: 0s, syncWindows: WINDOWS", "spec.syncWindows")]
    [InlineData("refreshPolicy: CreatedOnce, refreshInterval: 1h0m0s", "")]
    [InlineData("refreshPolicy: CreatedOnce, refreshInterval: 1m, syncWindows: WINDOWS", "spec.refreshInterval, spec.syncWindows")]
    [InlineData("refreshPolicy: OnChange, refreshInterval: 1m, syncWindows: WINDOWS", "spec.refreshInterval, spec.syncWindows")]
    [InlineData("target: {creationPolicy: None, immutable: false}", "")]
    [InlineData("target: {creationPolicy: None, immutable: true, template: {data: {a: b}}}", "spec.target.immutable, spec.target.template")]
    [InlineData("target: {template: {templateFrom: [{literal: 'a: b'}, {target: Labels, literal: ''}]}}", "")]
    [InlineData("target: {template: {templateFrom: [{literal: 'a: b'}, {target: Labels}]}}", "spec.target.template.templateFrom[1]")]
    [InlineData("target: {template: {templateFrom: [{valuesDecodingStrategy: Base64}]}}", "spec.target.template.templateFrom[0]")]
    public async Task What_has_no_effect_beside_other_fields_is_named_in_the_condition(string fields, string told)
    {
        await using var stage = await FakeStoreAsync();
        fields = fields.Replace("WINDOWS", "{kind: deny, windows: [{schedule: '0 0 31 2 *', duration: 1h}]}", StringComparison.Ordinal);
        await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {{name: db}}, spec: {{secretStoreRef: {{name: store}}, data: [{{secretKey: a, remoteRef: {{key: k}}}}], {fields}}}}}");
        Assert.Equal("secret synced" + (told.Length == 0 ? "" : "; without effect: " + told), (await stage.ReadyAsync("db", "True")).Status!.Conditions![0].Message);
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
        var push = await PushStage.ReadyAsync(stage, "True");
        Assert.Equal(
            ("True", "Synced", "PushSecret synced successfully; without effect: spec.data[1].match.remoteRef.property (SecretStore/store), spec.dataTo[0].metadata (SecretStore/store)"),
            (push.Status!.Conditions![0].Status, push.Status.Conditions[0].Reason, push.Status.Conditions[0].Message));
    }

    [Theory]
    [InlineData("[{name: store}]", "{name: source}", "data: DATA", "")]
    [InlineData("[{name: none, labelSelector: {matchLabels: {s: b}}}]", "{name: source}", "data: DATA", "spec.secretStoreRefs[0].name")]
    [InlineData("[{labelSelector: {matchLabels: {s: b}}}]", "{name: source, selector: {matchLabels: {no: body}}}", "data: DATA", "spec.selector.secret.selector")]
    [InlineData("[{name: store}]", "{name: source}", "dataTo: [{storeRef: {name: store, labelSelector: {matchLabels: {no: body}}}}]", "spec.dataTo[0].storeRef.labelSelector")]
    [InlineData("[{name: store}]", "{name: source}", "data: DATA, template: {metadata: {finalizers: [a.b/c]}}", "spec.template.metadata.finalizers")]
    [InlineData("[{name: store}]", "{name: source}", "data: DATA, template: {type: kubernetes.io/tls, metadata: {labels: {l: m}, annotations: {a: b}}}", "spec.template.type, spec.template.metadata.labels, spec.template.metadata.annotations")]
    [InlineData("[{name: store}]", "{name: source}", "data: DATA, template: {templateFrom: [{literal: 'c: d'}, {target: LABELS, literal: 'c: d'}, {target: Annotations}]}", "spec.template.templateFrom[2], spec.template.templateFrom[1]")]
    [InlineData("[{name: store}]", "{name: source}", "data: [], updatePolicy: IfNotExists", "-")]
    public async Task What_a_push_has_for_nothing_beside_other_fields_is_named_in_its_condition(string stores, string secret, string fields, string told)
    {
        await using var stage = await FakeStoreAsync();
        await stage.CreateSecretAsync("source", ("a", "1"));
        fields = fields.Replace("DATA", "[{match: {secretKey: a, remoteRef: {remoteKey: plain}}}]", StringComparison.Ordinal);
        await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1alpha1, kind: PushSecret, metadata: {{name: push}}, spec: {{secretStoreRefs: {stores}, selector: {{secret: {secret}}}, {fields}}}}}");
        var push = await PushStage.ReadyAsync(stage, "True");
        var success = told switch
        {
            "" => "PushSecret synced successfully",
            "-" => "PushSecret synced successfully. Existing secrets in providers unchanged.; spec has neither data nor dataTo, so nothing is pushed",
            _ => "PushSecret synced successfully; without effect: " + told,
        };
        Assert.Equal(("True", success), (push.Status!.Conditions![0].Status, push.Status.Conditions[0].Message));
    }

    [Theory]
    [InlineData(null, "; without effect: spec.template.type")]
    [InlineData("one", "")]
    [InlineData("two", "")]
    public async Task The_metadata_of_a_pushed_Secret_count_where_one_store_keeps_them(string? keeper, string told)
    {
        await using var stage = await PushStage.StartedAsync();
        await PushStage.StoreAsync(stage, "two");
        stage.Writable.Keeper = keeper;
        await stage.CreateSecretAsync("source", ("key", "1"));
        await PushStage.PushAsync(stage, $"template: {{type: kubernetes.io/tls}}\n  data: {PushStage.Data}", "[{name: one}, {name: two}]");
        Assert.Equal("PushSecret synced successfully" + told, (await PushStage.ReadyAsync(stage, "True")).Status!.Conditions![0].Message);
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
            metadata: {name: store, labels: {s: b}}
            spec: {provider: {fake: {data: [{key: k, value: v}, {key: map, value: '{"x":"1"}'}, {key: nested, value: '{"y":"{\"x\":1}"}'}]}}}
            """);
        await stage.StoreReadyAsync("store", "True");
        return stage;
    }
}
