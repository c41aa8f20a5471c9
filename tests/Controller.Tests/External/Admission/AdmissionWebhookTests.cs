using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Providers;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

/// <summary>A controller with its webhook on, a certificate of its own making, and an API server that is told by it whom to trust.</summary>
public sealed class AdmissionWebhookTests
{
    private const string ConfigurationName = "secretstore-validate";
    private static readonly KubeKind<JsonObject> Stores = KubeKind.Untyped(new KubeResource("external-secrets.io", "v1", "secretstores"));
    private static readonly KubeKind<JsonObject> OldStores = KubeKind.Untyped(new KubeResource("external-secrets.io", "v1beta1", "secretstores"));
    private static readonly KubeKind<JsonObject> Definitions = KubeKind.Untyped(new KubeResource("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false));
    private static readonly KubeKind<JsonObject> Configurations = KubeKind.Untyped(new KubeResource("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", Namespaced: false));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_store_that_cannot_work_is_refused_by_the_API_server_in_the_words_of_the_webhook(ClusterKind kind)
    {
        await using ITestCluster cluster = kind == ClusterKind.Real ? await RealTestCluster.StartAsync(Stop) : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        using var connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        var kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
        await kube.CreateAsync(Definitions, Definition(), Stop);
        await kube.CreateAsync(Configurations, Configuration(), Stop);

        await using var controller = ControllerHost.Build(
            [
                "--kubeconfig", cluster.KubeconfigPath, "--namespace", "kube-system", "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
                "--key-size=2048", "--leader-elect=false", "--external-secrets=false", "--webhook-addr=127.0.0.1:0", "--webhook-dns-name=localhost",
            ],
            new ControllerSurroundings { Environment = new Dictionary<string, string>(), Output = TextWriter.Null, Error = TextWriter.Null, Providers = new ProviderCatalog([new PickyProvider("vault")]) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => controller.RunAsync(stop.Token), CancellationToken.None);
        await controller.Admission!.Ready.WaitAsync(Patience, Stop);
        await PointAsync(kube, controller.Admission.Address!);

        Assert.Equal(
            "admission webhook \"validate.secretstore.external-secrets.io\" denied the request: invalid refreshInterval \"1d\": time: unknown unit \"d\" in duration \"1d\"",
            await RefusalAsync(kube, Stores, "{\"provider\":{\"vault\":{\"server\":\"https://x\"}},\"refreshInterval\":\"1d\"}"));
        Assert.Equal(
            "admission webhook \"validate.secretstore.external-secrets.io\" denied the request: failed to find registered store backend for type: alibaba, name: x",
            await RefusalAsync(kube, OldStores, "{\"provider\":{\"alibaba\":{\"regionID\":\"r\",\"auth\":{}}}}"));

        var good = await kube.CreateAsync(Stores, Store(Stores, "{\"provider\":{\"vault\":{\"server\":\"https://x\"}}}"), Stop);
        good["spec"]!["refreshInterval"] = -1;
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => kube.UpdateAsync(Stores, good, Stop));
        Assert.Contains("must not be negative", refused.Message, StringComparison.Ordinal);
        await kube.DeleteAsync(Stores.Resource, new NamespacedName("default", "x"), null, Stop);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task The_certificate_is_renewed_in_time_and_the_API_server_trusts_both_meanwhile()
    {
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        using var connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        var kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
        await kube.CreateAsync(Configurations, Configuration(), Stop);
        using var stage = new KeeperStage(kube);

        // Two replicas at once make one certificate.
        await stage.RunAsync(replicas: 2);
        var first = await stage.SecretAsync();
        Assert.Equal(first.Certificate, stage.Shown(0));
        Assert.Equal(first.Certificate, stage.Shown(1));
        Assert.Equal(first.Authorities, await ToldAsync(kube));

        stage.Time.Advance(TimeSpan.FromDays(276));
        await Eventually.TrueAsTimePassesAsync(stage.Time, TimeSpan.FromMinutes(1), () => stage.Shown(0) != first.Certificate && stage.Shown(0) == stage.Shown(1));
        var second = await stage.SecretAsync();
        Assert.Equal(second.Certificate, stage.Shown(0));
        Assert.Contains(first.Authorities.Trim(), second.Authorities, StringComparison.Ordinal);
        while (await ToldAsync(kube) != second.Authorities) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop); // it is shown first, then told
    }

    /// <summary>Until it is told, the API server refuses all that the webhook is asked about.</summary>
    [Fact]
    public async Task A_configuration_that_comes_later_is_told_within_seconds()
    {
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        using var connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        var kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
        using var stage = new KeeperStage(kube);
        await stage.RunAsync(replicas: 1);
        await kube.CreateAsync(Configurations, Configuration(), Stop);
        // Once for the pause that may not have begun yet.
        for (var i = 0; i < 2; i++) await Eventually.TurnedAsync(stage.Time, TimeSpan.FromSeconds(5));
        while (await ToldAsync(kube) is null) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        Assert.Equal((await stage.SecretAsync()).Authorities, await ToldAsync(kube));
    }

    private static async Task<string?> ToldAsync(KubeClient kube)
    {
        var configuration = await kube.GetAsync(Configurations, new NamespacedName("", ConfigurationName), Stop);
        Assert.Null(configuration["webhooks"]![1]!["clientConfig"]!["caBundle"]);
        return (string?)configuration["webhooks"]![0]!["clientConfig"]!["caBundle"] is { } bundle ? System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(bundle)) : null;
    }

    /// <summary>The port is known only now.</summary>
    private static async Task PointAsync(KubeClient kube, Uri address)
    {
        var configuration = await kube.GetAsync(Configurations, new NamespacedName("", ConfigurationName), Stop);
        configuration["webhooks"]![0]!["clientConfig"]!["url"] = new Uri(address, "/validate-external-secrets-io-v1-secretstore").ToString();
        await kube.UpdateAsync(Configurations, configuration, Stop);
    }

    /// <summary>A real server needs a moment until it asks a new webhook; until then it takes anything, or asks at the wrong place.</summary>
    private static async Task<string> RefusalAsync(KubeClient kube, KubeKind<JsonObject> kind, string spec)
    {
        while (true)
        {
            try
            {
                await kube.CreateAsync(kind, Store(kind, spec), Stop);
                await kube.DeleteAsync(kind.Resource, new NamespacedName("default", "x"), null, Stop);
            }
            catch (KubeApiException refused) when (refused.IsForbidden)
            {
                return refused.Message;
            }
            catch (KubeApiException early) when (early.IsNotFound || early.IsTransient)
            {
                // The kind is not served yet, or the webhook is not where it is sought yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private static JsonObject Store(KubeKind<JsonObject> kind, string spec) => new()
    {
        ["apiVersion"] = kind.Resource.ApiVersion,
        ["kind"] = "SecretStore",
        ["metadata"] = new JsonObject { ["name"] = "x", ["namespace"] = "default" },
        ["spec"] = JsonNode.Parse(spec),
    };

    private static JsonObject Definition() =>
        Api.Yaml.YamlReader.ReadAll(File.ReadAllText(Path.Combine(Stage.RepositoryRoot(), "deploy", "crds", "secretstores.external-secrets.io.yaml")))[0].Root!.AsObject();

    private static JsonObject Configuration() => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = ConfigurationName },
        ["webhooks"] = new JsonArray(Webhook("validate.secretstore.external-secrets.io", "external-secrets.io", "secretstores"), Webhook("foreign.example.com", "example.com", "things")),
    };

    private static JsonObject Webhook(string name, string group, string resource) => new()
    {
        ["name"] = name,
        ["rules"] = new JsonArray(new JsonObject
        {
            ["apiGroups"] = new JsonArray(group),
            ["apiVersions"] = new JsonArray("v1"),
            ["operations"] = new JsonArray("CREATE", "UPDATE", "DELETE"),
            ["resources"] = new JsonArray(resource),
        }),
        ["clientConfig"] = new JsonObject { ["url"] = "https://localhost:1/not-yet" },
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["sideEffects"] = "None",
        ["timeoutSeconds"] = 5,
        ["failurePolicy"] = "Fail",
    };
}
