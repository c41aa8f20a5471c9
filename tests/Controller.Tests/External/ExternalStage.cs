using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Generators.Fake;
using GitOpsSecrets.Providers.Generators.Mfa;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>An API server of its own with the kinds of External Secrets, a store that the test writes, and controllers started as a user starts them.</summary>
internal sealed class ExternalStage : IAsyncDisposable
{
    public const string Namespace = "shop";

    /// <summary>The observed generation of an object that nobody has looked at, as the definitions say.</summary>
    public const long NotSeen = -1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly KubeConnection connection;
    private readonly List<(ControllerProcess Process, CancellationTokenSource Stop, Task Running)> controllers = [];

    private ExternalStage(ITestCluster cluster)
    {
        Cluster = cluster;
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        Kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
    }

    public ITestCluster Cluster { get; }

    public KubeClient Kube { get; }

    public StringWriter Log { get; } = new SharedLog();

    public ScriptedProvider Provider { get; init; } = new();

    /// <summary>These, in place of <see cref="Provider"/>.</summary>
    public ProviderCatalog? Providers { get; set; }

    /// <summary>The HTTP clients of providers, in place of those that the flags ask for.</summary>
    public IProviderHttp? Http { get; set; }

    /// <summary>A store that PushSecrets write.</summary>
    public WritableProvider Writable { get; } = new();

    /// <summary>A generator that counts.</summary>
    public CountingGenerator Counting { get; } = new();

    /// <summary>A generator whose values have to be taken back.</summary>
    public LeavingGenerator Leaving { get; } = new();

    /// <summary>The providers that the program comes with, in place of <see cref="Provider"/>.</summary>
    public bool UsesRealProviders { get; set; }

    /// <summary>The generators that the program comes with.</summary>
    public bool UsesRealGenerators { get; set; }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<ExternalStage> SetAsync(bool withKinds = true, ScriptedProvider? provider = null)
    {
        var cluster = await OwnClusters.TakeAsync(withKinds ? Definitions() : [], Ending);
        var stage = provider is null ? new ExternalStage(cluster) : new ExternalStage(cluster) { Provider = provider };
        await stage.NamespaceAsync(Namespace);
        return stage;
    }

    public static IReadOnlyList<string> Definitions() =>
    [
        .. Directory.GetFiles(Path.Combine(Stage.RepositoryRoot(), "deploy", "crds"), "*external-secrets.io*.yaml").Select(file => WithAnyProvider(File.ReadAllText(file))),
        File.ReadAllText(Path.Combine(Stage.RepositoryRoot(), "deploy", "crds", "sealedsecrets.bitnami.com.yaml")),
    ];

    /// <summary>The definitions know the providers that there are; the one of these tests is none of them.</summary>
    private static string WithAnyProvider(string definition)
    {
        var read = YamlReader.Read(definition)!;
        foreach (var version in read["spec"]!["versions"]!.AsArray())
        {
            if (version!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]?["properties"] is JsonObject properties && properties.ContainsKey("provider"))
            {
                properties["provider"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
            }
        }
        return read.ToJsonString();
    }

    public Task NamespaceAsync(string name, params (string Key, string Value)[] labels) => Kube.CreateAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) },
    }, Ending);

    /// <summary>A controller that serves ExternalSecrets already.</summary>
    public Task<ControllerProcess> StartAsync(params string[] flags) => StartAsync(TimeProvider.System, flags);

    public async Task<ControllerProcess> StartAsync(TimeProvider time, params string[] flags)
    {
        var process = Build(time, flags);
        await process.External!.Ready.WaitAsync(Patience, Ending);
        return process;
    }

    public ControllerProcess Build(TimeProvider time, params string[] flags) => Build(time, _ => { }, flags);

    /// <param name="before">What is to be listened to from the start on: the controller runs when it is given back.</param>
    public ControllerProcess Build(TimeProvider time, Action<ControllerProcess> before, params string[] flags)
    {
        string[] standard =
        [
            "--kubeconfig", Cluster.KubeconfigPath, "--namespace", "kube-system", "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
            "--key-size=2048", "--key-renew-period=0", "--leader-elect=false", "--workers=2", "--grace-period=5s",
        ];
        var surroundings = new ControllerSurroundings
        {
            Time = time,
            Environment = new Dictionary<string, string>(),
            Output = Log,
            Error = Log,
            Providers = UsesRealProviders ? null : Providers ?? new ProviderCatalog([Provider, Writable]),
            Http = Http,
            Generators = UsesRealGenerators ? null : new GeneratorCatalog([Counting, Leaving, new FakeGenerator(), new MfaGenerator()]),
        };
        var process = ControllerHost.Build([.. standard, .. flags], surroundings);
        before(process);
        var stop = new CancellationTokenSource();
        controllers.Add((process, stop, Task.Run(() => process.RunAsync(stop.Token), CancellationToken.None)));
        return process;
    }

    /// <summary>A controller by that clock, and a store that is ready.</summary>
    public async Task<ControllerProcess> BeginAsync(TimeProvider clock, params string[] flags)
    {
        var controller = Build(clock, flags);
        await controller.External!.Ready.WaitAsync(Patience, Ending);
        await StoreAsync();
        await StoreReadyAsync("store", "True");
        return controller;
    }

    /// <summary>Lets time pass in steps, each when all that the one before woke is done.</summary>
    public static async Task PassAsync(FakeTimeProvider time, ControllerProcess controller, TimeSpan step, Func<bool> until)
    {
        // A request that is under way when time goes on times out.
        Task RestAsync() => Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        await RestAsync();
        while (!until())
        {
            await Eventually.TurnedAsync(time, step);
            await RestAsync();
        }
    }

    public async Task StopAsync(ControllerProcess process)
    {
        var (_, stop, running) = controllers.Single(entry => entry.Process == process);
        await stop.CancelAsync();
        await running.WaitAsync(Patience, Ending);
    }

    /// <summary>Creates what the YAML says; the namespace is <see cref="Namespace"/> unless it says another.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in yaml.Split("\n---\n"))
        {
            var item = YamlReader.Read(document)!.AsObject();
            var kind = item["kind"]!.GetValue<string>();
            var (group, version) = item["apiVersion"]!.GetValue<string>().Split('/') is [var g, var v] ? (g, v) : ("", "v1");
            var isCluster = kind.StartsWith("Cluster", StringComparison.Ordinal);
            var metadata = item["metadata"]!.AsObject();
            if (!isCluster) metadata["namespace"] ??= Namespace;
#pragma warning disable CA1308
            await Kube.CreateAsync(KubeKind.Untyped(new KubeResource(group, version, kind.ToLowerInvariant() + "s", !isCluster)), item, Ending);
#pragma warning restore CA1308
        }
    }

    public Task ApplyDefinitionAsync(string definition) =>
        Kube.CreateAsync(KubeKind.Untyped(new KubeResource("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false)), YamlReader.Read(definition)!.AsObject(), Ending);

    public Task StoreAsync(string name = "store", string options = "{}") => ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata:
          name: {{{name}}}
        spec:
          provider:
            scripted: {{{options}}}
        """);

    /// <summary>An ExternalSecret over <c>store</c> with one <c>data</c> entry for each pair: item and remote key.</summary>
    public Task ExternalAsync(string name, params (string Item, string Key)[] data) => ExternalAsync(name, "{}", "1h", data);

    public Task ExternalAsync(string name, string target, string interval, params (string Item, string Key)[] data) => ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: {{{name}}}
        spec:
          refreshInterval: {{{interval}}}
          secretStoreRef: {name: store}
          target: {{{target}}}
          data: [{{{string.Join(", ", data.Select(entry => $"{{secretKey: {entry.Item}, remoteRef: {{key: {entry.Key}}}}}"))}}}]
        """);

    public Task<ExternalSecret> PatchAsync(string name, string patch) => Kube.PatchAsync(ExternalKinds.ExternalSecrets, Key(name), JsonNode.Parse(patch)!.AsObject(), Ending);

    public Task<SecretStore> PatchStoreAsync(string name, string patch) => Kube.PatchAsync(ExternalKinds.SecretStores, Key(name), JsonNode.Parse(patch)!.AsObject(), Ending);

    public Task<Secret> PatchSecretAsync(string name, string patch) => Kube.PatchAsync(ClusterKinds.Secrets, Key(name), JsonNode.Parse(patch)!.AsObject(), Ending);

    public Task<Secret> CreateSecretAsync(string name, params (string Item, string Value)[] items) => Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name },
        Data = new(items.ToDictionary(item => item.Item, item => (byte[]?)Encoding.UTF8.GetBytes(item.Value)), StringComparer.Ordinal),
    }, Ending);

    public Task DeleteSecretAsync(string name) => Kube.DeleteAsync(ClusterKinds.SecretResource, Key(name), null, Ending);

    public static NamespacedName Key(string name) => new(Namespace, name);

    public Task<Secret> SecretAsync(string name, Func<Secret, bool>? wanted = null, string ns = Namespace) =>
        UntilAsync(ClusterKinds.Secrets, ns, all => all.FirstOrDefault(secret => secret.Metadata.Name == name && (wanted?.Invoke(secret) ?? true)));

    public Task<Secret> SecretAsync(string name, string item, string value) => SecretAsync(name, secret => Stage.Item(secret, item) == value);

    public Task<ExternalSecret> SourceAsync(string name, Func<ExternalSecret, bool> wanted, string ns = Namespace) =>
        UntilAsync(ExternalKinds.ExternalSecrets, ns, all => all.FirstOrDefault(source => source.Metadata.Name == name && wanted(source)));

    /// <summary>Waits until the condition Ready of this very generation is so.</summary>
    public Task<ExternalSecret> ReadyAsync(string name, string status, string message = "", string ns = Namespace) => SourceAsync(name, source =>
        source.Status?.ObservedGeneration == source.Metadata.Generation
        && source.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == status && ready.Message!.Contains(message, StringComparison.Ordinal), ns);

    public Task<SecretStore> StoreReadyAsync(string name, string status, string message = "") => UntilAsync(ExternalKinds.SecretStores, Namespace, all => all.FirstOrDefault(store =>
        store.Metadata.Name == name && store.Status?.Conditions?[0] is { Type: "Ready" } ready && ready.Status == status && ready.Message!.Contains(message, StringComparison.Ordinal)));

    public Task<JsonObject> EventAsync(string name, string reason, string message = "") => UntilAsync(Stage.Events, Namespace, all => all.FirstOrDefault(found =>
        found["involvedObject"]?["name"]?.GetValue<string>() == name
        && found["reason"]?.GetValue<string>() == reason
        && found["message"]?.GetValue<string>().Contains(message, StringComparison.Ordinal) == true));

    /// <summary>How often such events were told of the object, once it is so often at least: each that is there says how often it was.</summary>
    public async Task<int> EventsAsync(string name, string reason, int atLeast = 0)
    {
        var count = 0;
        await UntilAsync(Stage.Events, Namespace, all =>
        {
            count = all.Where(found => found["involvedObject"]?["name"]?.GetValue<string>() == name && found["reason"]?.GetValue<string>() == reason).Sum(found => found["count"]?.GetValue<int>() ?? 1);
            return count >= atLeast ? all : null;
        });
        return count;
    }

    /// <summary>An ExternalSecret whose item <c>a</c> is a property of a remote key.</summary>
    public Task ExternalAsync(string name, string interval, string key, string property) => ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: {{{name}}}
        spec:
          refreshInterval: {{{interval}}}
          secretStoreRef: {name: store}
          data: [{secretKey: a, remoteRef: {key: {{{key}}}, property: {{{property}}}}}]
        """);

    /// <summary>Waits until the objects are as wanted.</summary>
    /// <returns>What was found.</returns>
    public async Task<TFound> UntilAsync<T, TFound>(KubeKind<T> kind, string ns, Func<IReadOnlyList<T>, TFound?> find)
        where T : class
        where TFound : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var informer = new Informer<T>(Kube, kind, new InformerOptions<T> { Query = new ListQuery { Namespace = ns } }, TimeProvider.System, NullLogger.Instance);
        var found = new TaskCompletionSource<TFound>(TaskCreationOptions.RunContinuationsAsynchronously);
        informer.OnChange(_ =>
        {
            if (find(informer.Cache.Snapshot()) is { } wanted) found.TrySetResult(wanted);
        });
        var running = informer.RunAsync(stop.Token);
        try
        {
            // Where there is nothing, nothing changes.
            await informer.WaitForSyncAsync(stop.Token).WaitAsync(Patience, Ending);
            if (find(informer.Cache.Snapshot()) is { } there) return there;
            return await found.Task.WaitAsync(Patience, Ending);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not seen; there is {string.Join("; ", informer.Cache.Snapshot().Select(Describe))}\n{Log}");
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Waits until the claim holds of what <c>/metrics</c> says: the caches follow what is written a moment later.</summary>
    public static async Task UntilMetricsAsync(HttpClient http, ControllerProcess controller, Action<string> claim)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                claim(await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"), Ending));
                return;
            }
            catch (Xunit.Sdk.XunitException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ending);
            }
        }
    }

    /// <summary>Completes when the controller has made so many passes over ExternalSecrets.</summary>
    public static Task PassesAsync(ControllerProcess process, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.External!.Worked += _ =>
        {
            if (Interlocked.Decrement(ref count) == 0) done.TrySetResult();
        };
        return done.Task.WaitAsync(Patience, Ending);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, stop, running) in controllers)
        {
            await stop.CancelAsync();
            await running;
            await process.DisposeAsync();
            stop.Dispose();
        }
        connection.Dispose();
        await Cluster.DisposeAsync();
    }

    private static string Describe<T>(T item) => item switch
    {
        Secret secret => $"{secret.Metadata.Name}({string.Join(",", secret.Data?.Keys ?? Enumerable.Empty<string>())})",
        ExternalSecret source => $"{source.Metadata.Name} {source.Metadata.Generation}/{source.Status?.ObservedGeneration} {source.Status?.RefreshTime} {source.Status?.Conditions?[0]}",
        SecretStore store => $"{store.Metadata.Name} {store.Status?.Conditions?[0]}",
        JsonObject json => $"{json["reason"]} {json["message"]}",
        _ => item?.ToString() ?? "",
    };
}
