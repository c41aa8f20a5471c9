using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>A namespace for the secrets and one for a controller, on a shared API server of either kind.</summary>
internal sealed class SopsStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly KubeKind<JsonObject> Untyped = KubeKind.Untyped(SopsSecretKind.Instance.Resource);
    private static readonly KubeResource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    private readonly KubeConnection connection;
    private readonly List<(ControllerProcess Process, CancellationTokenSource Stop, Task Running)> controllers = [];

    private SopsStage(ITestCluster cluster)
    {
        Cluster = cluster;
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        Kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
        var suffix = RandomNumberGenerator.GetString("abcdefghij", 8);
        (Namespace, Home) = ("shop-" + suffix, "home-" + suffix);
    }

    public ITestCluster Cluster { get; }

    public KubeClient Kube { get; }

    public string Namespace { get; }

    /// <summary>The controller's own namespace.</summary>
    public string Home { get; }

    public StringWriter Log { get; } = new SharedLog();

    /// <summary>How controllers that are started from now on reach key services; null for their own way.</summary>
    public IProviderHttp? Http { get; set; }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<SopsStage> SetAsync(SharedClusters clusters, ClusterKind kind)
    {
        var stage = new SopsStage(await clusters.GetAsync(kind, Ending));
        foreach (var file in new[] { "sealedsecrets.bitnami.com.yaml", "sopssecrets.isindir.github.com.yaml" }) await stage.DefineAsync(file);
        foreach (var ns in new[] { stage.Namespace, stage.Home }) await stage.MakeNamespaceAsync(ns);
        return stage;
    }

    public Task MakeNamespaceAsync(string name) => Kube.CreateAsync(KubeKind.Untyped(Namespaces), new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name },
    }, Ending);

    /// <summary>Keys in a Secret: of the namespace, under the agreed name, unless said otherwise.</summary>
    public Task<Secret> PutKeysAsync(string key, string? ns = null, string name = "sops-keys", string item = "age.agekey") => Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = ns ?? Namespace, Name = name },
        Data = new(StringComparer.Ordinal) { [item] = Encoding.UTF8.GetBytes(SopsFiles.Key(key)) },
    }, Ending);

    /// <summary>Credentials for a key service in the key Secret of the namespace.</summary>
    public Task<Secret> PutCredentialsAsync(string item, string credentials) => Kube.CreateAsync(ClusterKinds.Secrets, new Secret
    {
        Metadata = new ObjectMeta { Namespace = Namespace, Name = "sops-keys" },
        Data = new(StringComparer.Ordinal) { [item] = Encoding.UTF8.GetBytes(credentials) },
    }, Ending);

    /// <summary>A controller that serves the two namespaces.</summary>
    public ControllerProcess Start(params string[] flags) => Start(new Dictionary<string, string>(), flags);

    public ControllerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] flags) => Start(environment, _ => { }, flags);

    /// <param name="before">What is to be listened to from the start on: the controller runs when it is given back.</param>
    public ControllerProcess Start(IReadOnlyDictionary<string, string> environment, Action<ControllerProcess> before, params string[] flags)
    {
        string[] standard =
        [
            "--kubeconfig", Cluster.KubeconfigPath, "--namespace", Home, "--additional-namespaces", Namespace, "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
            "--key-size=2048", "--key-renew-period=0", "--leader-elect=false", "--workers=2", "--grace-period=5s",
        ];
        var process = ControllerHost.Build([.. standard, .. flags], new ControllerSurroundings { Environment = environment, Http = Http, Output = Log, Error = Log });
        before(process);
        var stop = new CancellationTokenSource();
        controllers.Add((process, stop, Task.Run(() => process.RunAsync(stop.Token), CancellationToken.None)));
        return process;
    }

    public async Task StopAsync(ControllerProcess process)
    {
        var (_, stop, running) = controllers.Single(entry => entry.Process == process);
        await stop.CancelAsync();
        await running.WaitAsync(Patience, Ending);
    }

    /// <summary>Completes with the next pass over a SopsSecret.</summary>
    public static Task PassAsync(ControllerProcess process)
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Sops.Worked += _ => passed.TrySetResult();
        return passed.Task.WaitAsync(Patience, Ending);
    }

    /// <summary>Creates a SopsSecret, in the version that it names.</summary>
    public Task<JsonObject> ApplyAsync(JsonObject sopsSecret, string? ns = null)
    {
        var copy = sopsSecret.DeepClone().AsObject();
        copy["metadata"]!["namespace"] = ns ?? Namespace;
        var version = ((string)copy["apiVersion"]!).Split('/')[1];
        return Kube.CreateAsync(KubeKind.Untyped(SopsSecretKind.Instance.Resource with { Version = version }), copy, Ending);
    }

    /// <summary>Changes a SopsSecret.</summary>
    public async Task ChangeAsync(string name, Action<JsonObject> change)
    {
        while (true)
        {
            try
            {
                var present = await Kube.GetAsync(Untyped, Key(name), Ending);
                change(present);
                await Kube.UpdateAsync(Untyped, present, Ending);
                return;
            }
            catch (KubeApiException refused) when (refused.IsConflict)
            {
                // The controller wrote the status meanwhile.
            }
        }
    }

    public NamespacedName Key(string name) => new(Namespace, name);

    public Task<Secret> SecretAsync(string name, Func<Secret, bool>? wanted = null) =>
        UntilAsync(ClusterKinds.Secrets, Namespace, all => all.FirstOrDefault(secret => secret.Metadata.Name == name && (wanted?.Invoke(secret) ?? true)));

    public Task<Secret> SecretAsync(string name, string item, string value) => SecretAsync(name, secret => Stage.Item(secret, item) == value);

    /// <summary>Waits until no Secret of the name is left.</summary>
    public Task GoneAsync(string name) => UntilAsync(ClusterKinds.Secrets, Namespace, all => all.Any(secret => secret.Metadata.Name == name) ? null : new object());

    /// <summary>Waits for the verdict on the present generation.</summary>
    public Task<SopsSecret> ReadyAsync(string name, string status, string? reason = null, string? ns = null) => UntilAsync(
        SopsSecretKind.Instance, ns ?? Namespace,
        all => all.FirstOrDefault(found => found.Metadata.Name == name
            && found.Status?.ObservedGeneration == found.Metadata.Generation
            && Condition(found, "Ready") is { } ready && ready.Status == status && (reason is null || ready.Reason == reason)));

    public Task<SopsSecret> SopsSecretAsync(string name, Func<SopsSecret, bool> wanted) =>
        UntilAsync(SopsSecretKind.Instance, Namespace, all => all.FirstOrDefault(found => found.Metadata.Name == name && wanted(found)));

    public Task<JsonObject> EventAsync(string name, string reason) => UntilAsync(Stage.Events, Namespace, all => all.FirstOrDefault(found =>
        found["involvedObject"]?["name"]?.GetValue<string>() == name && found["reason"]?.GetValue<string>() == reason));

    public static StatusCondition? Condition(SopsSecret source, string type) => source.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

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
    }

    /// <summary>Waits until the objects of a namespace are as wanted.</summary>
    public async Task<TFound> UntilAsync<T, TFound>(KubeKind<T> kind, string ns, Func<IReadOnlyList<T>, TFound?> find)
        where T : class
        where TFound : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var informer = new Informer<T>(Kube, kind, new InformerOptions<T> { Query = new ListQuery { Namespace = ns } }, TimeProvider.System, NullLogger.Instance);
        var found = new TaskCompletionSource<TFound>(TaskCreationOptions.RunContinuationsAsynchronously);
        informer.OnChange(_ => Look());
        var running = informer.RunAsync(stop.Token);
        try
        {
            await informer.WaitForSyncAsync(Ending).WaitAsync(Patience, Ending);
            Look();
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

        void Look()
        {
            if (find(informer.Cache.Snapshot()) is { } wanted) found.TrySetResult(wanted);
        }
    }

    private async Task DefineAsync(string file)
    {
        var resource = new KubeResource("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false);
        var definition = YamlReader.Read(await File.ReadAllTextAsync(Path.Combine(Stage.RepositoryRoot(), "deploy", "crds", file), Ending))!.AsObject();
        try
        {
            await Kube.CreateAsync(KubeKind.Untyped(resource), definition, Ending);
        }
        catch (KubeApiException refused) when (refused.IsAlreadyExists)
        {
            // Another test was first.
        }
        await UntilAsync(KubeKind.Untyped(resource), "", all => all.FirstOrDefault(found =>
            (string?)found["metadata"]!["name"] == (string?)definition["metadata"]!["name"]
            && found["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Established" && (string?)condition["status"] == "True") == true));
    }

    private static string Describe<T>(T item) => item switch
    {
        Secret secret => secret.ToString(),
        SopsSecret source => $"{source.Metadata.Name} {source.Metadata.Generation}/{source.Status?.ObservedGeneration} {string.Join(", ", source.Status?.Conditions ?? [])}",
        JsonObject json => $"{json["reason"]} {json["message"]}",
        _ => "",
    };
}
