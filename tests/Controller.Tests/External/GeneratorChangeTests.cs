using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A generator that says another thing wakes whoever uses it; nothing else makes a value anew.</summary>
public sealed class GeneratorChangeTests
{
    private const string Ref = "{apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}";

    [Fact]
    public async Task A_generator_that_is_edited_makes_the_values_anew()
    {
        await using var stage = await StartedAsync();
        await ExternalAsync(stage, "db");
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await EditAsync(stage, "pw");
        await stage.SecretAsync("db", "password", "2");
    }

    [Fact]
    public async Task A_ClusterGenerator_that_is_edited_makes_the_values_anew()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync("""
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: ClusterGenerator
            metadata: {name: pw}
            spec: {kind: Password, generator: {passwordSpec: {length: 8, noUpper: false, allowRepeat: true}}}
            """);
        await ExternalAsync(stage, "db", reference: Ref.Replace("Password", "ClusterGenerator", StringComparison.Ordinal));
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await stage.Kube.PatchAsync(ExternalKinds.ClusterGenerators, new NamespacedName("", "pw"), JsonNode.Parse("""{"spec":{"generator":{"passwordSpec":{"length":9}}}}""")!.AsObject(), Ending);
        await stage.SecretAsync("db", "password", "2");
    }

    [Theory]
    [InlineData("Password", "{fakeSpec: {data: {a: b}}}", "error using generator: ClusterGenerator \"mixed\" is of kind Password and has a fakeSpec")]
    [InlineData("UUID", "{passwordSpec: {noUpper: false, allowRepeat: true}}", "error using generator: ClusterGenerator \"mixed\" is of kind UUID and has a passwordSpec")]
    public async Task A_ClusterGenerator_with_the_spec_of_another_kind_makes_nothing(string kind, string spec, string told)
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync($"apiVersion: generators.external-secrets.io/v1alpha1\nkind: ClusterGenerator\nmetadata: {{name: mixed}}\nspec: {{kind: {kind}, generator: {spec}}}");
        await ExternalAsync(stage, "db", reference: Ref.Replace("Password", "ClusterGenerator", StringComparison.Ordinal).Replace("pw", "mixed", StringComparison.Ordinal));
        Assert.Contains(told, (await stage.EventAsync("db", "UpdateFailed")).ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com/v7")]
    [InlineData("generators.external-secrets.io/v1")]
    public async Task A_reference_to_another_version_is_none_to_a_generator(string version)
    {
        await using var stage = await StartedAsync();
        await ExternalAsync(stage, "db", reference: Ref.Replace("generators.external-secrets.io/v1alpha1", version, StringComparison.Ordinal));
        await stage.EventAsync("db", "UpdateFailed", $"apiVersion {version} of Password");
    }

    [Fact]
    public async Task A_generator_with_another_label_makes_nothing()
    {
        await using var stage = await StartedAsync();
        await ExternalAsync(stage, "db");
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await PatchAsync(stage, "pw", """{"metadata":{"labels":{"team":"a"}}}""");
        await WitnessAsync(stage);
        await stage.SecretAsync("db", "password", "1");
        Assert.Equal(3, stage.Counting.Made);
    }

    [Theory]
    [InlineData("refreshInterval: \"0\"")]
    [InlineData("refreshPolicy: CreatedOnce")]
    public async Task What_is_made_once_stays_whatever_happens_to_its_generator(string refresh)
    {
        await using var stage = await StartedAsync();
        await ExternalAsync(stage, "db", refresh);
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await EditAsync(stage, "pw");
        await WitnessAsync(stage);
        await stage.SecretAsync("db", "password", "1");
        Assert.Equal(3, stage.Counting.Made);
    }

    [Theory]
    [InlineData("refreshInterval: \"0\"")]
    [InlineData("refreshPolicy: CreatedOnce")]
    [InlineData("refreshInterval: 1h")]
    public async Task What_a_generator_made_stays_when_a_store_or_a_template_is_edited(string refresh)
    {
        await using var stage = await StartedAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        await stage.ApplyAsync($$$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: template}
            data: {t: "made of {{ .password }}"}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              {{{refresh}}}
              secretStoreRef: {name: store}
              target: {template: {mergePolicy: Merge, templateFrom: [{configMap: {name: template, items: [{key: t}]}}]}}
              data: [{secretKey: a, remoteRef: {key: k}}]
              dataFrom: [{sourceRef: {generatorRef: {{{Ref}}} } }]
            """);
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await stage.Kube.PatchAsync(ExternalKinds.ConfigMaps, ExternalStage.Key("template"), JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}}}""")!.AsObject(), Ending);
        await stage.PatchStoreAsync("store", """{"spec":{"refreshInterval":100}}""");
        await stage.PatchStoreAsync("store", """{"metadata":{"labels":{"a":"b"}}}""");
        await WitnessAsync(stage);
        await stage.SecretAsync("db", "password", "1");
        Assert.Equal(3, stage.Counting.Made);
    }

    [Theory]
    [InlineData("refreshInterval: \"0\"")]
    [InlineData("refreshPolicy: CreatedOnce")]
    [InlineData("refreshPolicy: OnChange")]
    public async Task Values_that_are_pinned_stay_when_their_store_is_edited_or_gone(string refresh)
    {
        await using var stage = await StartedAsync();
        stage.Provider.Values["k"] = "1";
        await stage.StoreAsync();
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              {{refresh}}
              secretStoreRef: {name: store}
              data: [{secretKey: a, remoteRef: {key: k} }]
            """);
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        await stage.PatchStoreAsync("store", """{"spec":{"refreshInterval":100}}""");
        await WitnessAsync(stage);
        await stage.Kube.DeleteAsync(ExternalKinds.SecretStores.Resource, ExternalStage.Key("store"), null, Ending);
        await WitnessAsync(stage, "later");
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task Who_waits_for_a_generator_is_woken_when_it_is_there()
    {
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await ExternalAsync(stage, "db");
        await stage.ReadyAsync("db", "False", "error using generator: Password \"pw\" not found");
        await GeneratorAsync(stage, "pw");
        await stage.SecretAsync("db", "password", "1");
    }

    [Fact]
    public async Task Who_waits_for_a_credential_of_its_generator_is_woken_when_it_is_there_and_nobody_else_gets_another_value()
    {
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await GeneratorAsync(stage, "pw");
        await ExternalAsync(stage, "db");
        await stage.SecretAsync("db", "password", "1");
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: MFA\nmetadata: {name: code}\nspec: {secret: {name: login, key: seed}}");
        await ExternalAsync(stage, "code", reference: Ref.Replace("Password", "MFA", StringComparison.Ordinal).Replace("pw", "code", StringComparison.Ordinal));
        await stage.ReadyAsync("code", "False", "Secret shop/login is not there");
        await stage.CreateSecretAsync("login", ("seed", "JBSWY3DPEHPK3PXP"));
        await stage.SecretAsync("code", secret => secret.Data!.ContainsKey("token"));
        await stage.PatchSecretAsync("login", """{"data":{"seed":"R0VaREdOQlZHWTNUUU9KUQ=="}}""");
        await GeneratorAsync(stage, "after");
        await ExternalAsync(stage, "after", reference: Ref.Replace("pw", "after", StringComparison.Ordinal));
        await stage.SecretAsync("after", "password", "2");
        await stage.SecretAsync("db", "password", "1");
    }

    [Fact]
    public async Task A_restart_makes_nothing_anew_unless_the_generator_was_edited_meanwhile()
    {
        await using var stage = await ExternalStage.SetAsync();
        var first = await stage.StartAsync();
        await GeneratorAsync(stage, "pw");
        await ExternalAsync(stage, "db");
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await stage.StopAsync(first);

        var second = await stage.StartAsync();
        await WitnessAsync(stage);
        await stage.SecretAsync("db", "password", "1");
        Assert.Equal(3, stage.Counting.Made);
        await stage.StopAsync(second);

        await EditAsync(stage, "pw");
        await stage.StartAsync();
        await stage.SecretAsync("db", "password", "4");
    }

    [Fact]
    public async Task What_was_pushed_from_a_generator_is_pushed_anew_when_it_is_edited()
    {
        await using var stage = await StartedAsync();
        await PushAsync(stage, "1h");
        await EditAsync(stage, "pw");
        await Eventually.TrueAsync(() => stage.Writable.Values["one/pw"] == "2");
    }

    [Theory]
    [InlineData("1h", false)]
    [InlineData("0s", true)]
    public async Task What_was_pushed_from_a_generator_stays_when_the_store_is_edited_and_pinned_when_the_generator_is_too(string interval, bool pinned)
    {
        await using var stage = await StartedAsync();
        await PushAsync(stage, interval);
        await stage.PatchStoreAsync("one", """{"metadata":{"labels":{"a":"b"}}}""");
        await stage.PatchStoreAsync("one", """{"spec":{"refreshInterval":100}}""");
        if (pinned) await EditAsync(stage, "pw");
        await WitnessAsync(stage);
        Assert.Equal("1", stage.Writable.Values["one/pw"]);
        Assert.Equal(3, stage.Counting.Made);
    }

    /// <summary>A password, and a store that has it.</summary>
    private static async Task PushAsync(ExternalStage stage, string interval)
    {
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: one}
            spec: {provider: {writable: {}}}
            """);
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              refreshInterval: {{interval}}
              secretStoreRefs: [{name: one}]
              selector: {generatorRef: {{Ref}} }
              data: [{match: {secretKey: password, remoteRef: {remoteKey: pw} } }]
            """);
        await Eventually.TrueAsync(() => stage.Writable.Values.ContainsKey("one/pw"));
        Assert.Equal("1", stage.Writable.Values["one/pw"]);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push => push.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true));
    }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private static async Task<ExternalStage> StartedAsync()
    {
        var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await GeneratorAsync(stage, "pw");
        return stage;
    }

    private static Task GeneratorAsync(ExternalStage stage, string name) => stage.ApplyAsync(
        $"apiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: {{name: {name}}}\nspec: {{length: 8, noUpper: false, allowRepeat: true}}");

    private static Task ExternalAsync(ExternalStage stage, string name, string refresh = "refreshInterval: 1h", string reference = Ref) => stage.ApplyAsync($$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{name}}}
        spec:
          {{refresh}}
          dataFrom: [{sourceRef: {generatorRef: {{reference}} } }]
        """);

    private static Task EditAsync(ExternalStage stage, string name) => PatchAsync(stage, name, """{"spec":{"length":9}}""");

    private static async Task PatchAsync(ExternalStage stage, string name, string patch) =>
        await stage.Kube.PatchAsync(ExternalKinds.Generators("Password"), ExternalStage.Key(name), JsonNode.Parse(patch)!.AsObject(), Ending);

    /// <summary>Another generator that is edited after all that was done before, and whose user shows that the watch is through with it; takes two values.</summary>
    private static async Task WitnessAsync(ExternalStage stage, string name = "witness")
    {
        await GeneratorAsync(stage, name);
        await ExternalAsync(stage, name, reference: Ref.Replace("pw", name, StringComparison.Ordinal));
        var before = await stage.SecretAsync(name);
        await stage.ReadyAsync(name, "True");
        await EditAsync(stage, name);
        await stage.SecretAsync(name, secret => secret.Metadata.ResourceVersion != before.Metadata.ResourceVersion);
    }
}
