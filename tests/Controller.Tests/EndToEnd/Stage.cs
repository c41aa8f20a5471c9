using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>An API server of its own, the administrator's hands in it, and controllers started as a user starts them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string KeyNamespace = "kube-system";
    public const string Namespace = "shop";

    /// <summary>How long a test waits for what must come; only a failing test waits that long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly KubeConnection connection;
    private readonly List<(ControllerProcess Process, CancellationTokenSource Stop, Task Running)> controllers = [];

    private Stage(ITestCluster cluster)
    {
        Cluster = cluster;
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        Kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System));
    }

    public ITestCluster Cluster { get; }

    /// <summary>Faults of the API server. kube-apiserver makes none when asked to: there the test is skipped.</summary>
    public ClusterFaults Faults
    {
        get
        {
            Assert.SkipUnless(Cluster is LocalTestCluster, "kube-apiserver makes no faults when asked to");
            return ((LocalTestCluster)Cluster).Server.Faults;
        }
    }

    public KubeClient Kube { get; }

    public StringWriter Log { get; } = new SharedLog();

    public static KubeKind<JsonObject> Events { get; } = KubeKind.Untyped(new KubeResource("", "v1", "events"));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<Stage> SetAsync(string? definition = null)
    {
        definition ??= await DefinitionAsync("sealedsecrets.bitnami.com.yaml");
        var cluster = await OwnClusters.TakeAsync([definition, await DefinitionAsync("sopssecrets.isindir.github.com.yaml")], Ending);
        var stage = new Stage(cluster);
        await stage.Kube.CreateAsync(KubeKind.Untyped(new KubeResource("", "v1", "namespaces", Namespaced: false)), new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = Namespace },
        }, Ending);
        return stage;
    }

    /// <summary>Puts a key of <see cref="TestKeys"/> into the cluster, as a backup of the original is restored.</summary>
    public Task<Secret> PutKeyAsync(string name, string? label = SealedSecretAnnotations.ActiveKey, string? secretName = null, string? certificateOf = null)
    {
        var (key, certificate) = TestKeys.Pair(name);
        return Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = KeyNamespace,
                Name = secretName ?? "key-" + name,
                Labels = label is null ? null : new(StringComparer.Ordinal) { [SealedSecretAnnotations.SealingKeyLabel] = label },
            },
            Type = SealingKeySecret.SecretType,
            Data = new(StringComparer.Ordinal)
            {
                [SealingKeySecret.KeyItem] = key,
                [SealingKeySecret.CertificateItem] = Encoding.ASCII.GetBytes(certificateOf is null ? certificate : TestKeys.Pair(certificateOf).Certificate),
            },
        }, Ending);
    }

    /// <summary>A controller that is ready. Small keys, no leader election, no rotation, unless the flags say otherwise.</summary>
    public async Task<ControllerProcess> StartAsync(params string[] flags)
    {
        var process = Build(TimeProvider.System, flags);
        await process.Ready.WaitAsync(Patience, Ending);
        return process;
    }

    public ControllerProcess Build(TimeProvider time, params string[] flags) => Build(time, _ => { }, flags);

    /// <param name="before">What is to be listened to from the start on: the controller runs when it is given back.</param>
    public ControllerProcess Build(TimeProvider time, Action<ControllerProcess> before, params string[] flags)
    {
        string[] standard =
        [
            "--kubeconfig", Cluster.KubeconfigPath, "--namespace", KeyNamespace, "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
            "--key-size=2048", "--key-renew-period=0", "--leader-elect=false", "--workers=2", "--grace-period=5s",
        ];
        var surroundings = new ControllerSurroundings { Time = time, Environment = new Dictionary<string, string>(), Output = Log, Error = Log };
        var process = ControllerHost.Build([.. standard, .. flags], surroundings);
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

    public Task<SealedSecret> ApplyAsync(SealedSecret sealedSecret) => Kube.CreateAsync(SealedSecretKind.Instance, sealedSecret, Ending);

    /// <summary>Seals for <see cref="Namespace"/> with the key "one" and creates it.</summary>
    public Task<SealedSecret> ApplyAsync(string name, params (string Item, string Value)[] items) => ApplyAsync(TestKeys.Seal("one", Namespace, name, items));

    public async Task<SealedSecret> ChangeAsync(string name, Func<SealedSecret, SealedSecret> change)
    {
        while (true)
        {
            try
            {
                return await Kube.UpdateAsync(SealedSecretKind.Instance, change(await Kube.GetAsync(SealedSecretKind.Instance, Key(name), Ending)), Ending);
            }
            catch (KubeApiException refused) when (refused.IsConflict)
            {
                // The controller wrote the status meanwhile.
            }
        }
    }

    public Task<Secret> CreateSecretAsync(string name, string[]? annotations, params (string Item, string Value)[] items) =>
        Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = Namespace,
                Name = name,
                Annotations = annotations is null ? null : new SortedDictionary<string, string>(annotations.ToDictionary(key => key, _ => "true"), StringComparer.Ordinal),
            },
            Data = new(items.ToDictionary(item => item.Item, item => (byte[]?)Encoding.UTF8.GetBytes(item.Value)), StringComparer.Ordinal),
        }, Ending);

    public Task<Secret> PatchSecretAsync(NamespacedName key, string patch) =>
        Kube.PatchAsync(ClusterKinds.Secrets, key, JsonNode.Parse(patch)!.AsObject(), Ending);

    public Task DeleteSecretAsync(NamespacedName key) => Kube.DeleteAsync(ClusterKinds.SecretResource, key, null, Ending);

    public static NamespacedName Key(string name) => new(Namespace, name);

    /// <summary>Waits until the object is as wanted; <c>null</c> stands for absent.</summary>
    public async Task<T> UntilAsync<T>(KubeKind<T> kind, string ns, Func<IReadOnlyList<T>, T?> find)
        where T : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var informer = new Informer<T>(Kube, kind, new InformerOptions<T> { Query = new ListQuery { Namespace = ns } }, TimeProvider.System, NullLogger.Instance);
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        informer.OnChange(_ =>
        {
            if (find(informer.Cache.Snapshot()) is { } wanted) found.TrySetResult(wanted);
        });
        var running = informer.RunAsync(stop.Token);
        try
        {
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

    public Task<Secret> SecretAsync(string name, Func<Secret, bool>? wanted = null) =>
        UntilAsync(ClusterKinds.Secrets, Namespace, all => all.FirstOrDefault(secret => secret.Metadata.Name == name && (wanted?.Invoke(secret) ?? true)));

    public Task<Secret> SecretAsync(string name, string item, string value) => SecretAsync(name, secret => Item(secret, item) == value);

    public Task<SealedSecret> SealedAsync(string name, Func<SealedSecret, bool> wanted) =>
        UntilAsync(SealedSecretKind.Instance, Namespace, all => all.FirstOrDefault(found => found.Metadata.Name == name && wanted(found)));

    public Task<SealedSecret> SyncedAsync(string name, string status, string? message = null) => SealedAsync(name, found =>
        found.Status?.ObservedGeneration == found.Metadata.Generation
        && found.Status?.Conditions?[0] is { Type: "Synced" } condition && condition.Status == status
        && (message is null || condition.Message?.Contains(message, StringComparison.Ordinal) == true));

    public Task<JsonObject> EventAsync(string ns, string name, string reason, string message = "") => UntilAsync(Events, ns, all => all.FirstOrDefault(found =>
        found["involvedObject"]?["name"]?.GetValue<string>() == name
        && found["reason"]?.GetValue<string>() == reason
        && found["message"]?.GetValue<string>().Contains(message, StringComparison.Ordinal) == true));

    public static string? Item(Secret secret, string item) =>
        secret.Data is not null && secret.Data.TryGetValue(item, out var bytes) ? Encoding.UTF8.GetString(bytes ?? []) : null;

    /// <summary>Completes when the controller has made so many passes over SealedSecrets.</summary>
    public static Task PassesAsync(ControllerProcess process, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Worked += _ =>
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

    private static Task<string> DefinitionAsync(string file) => File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "deploy", "crds", file), Ending);

    internal static string RepositoryRoot() => RepositoryFolder.Path;

    private static string Describe<T>(T item) => item switch
    {
        Secret secret => $"{secret.Metadata.Name}({string.Join(",", secret.Data?.Keys ?? Enumerable.Empty<string>())})",
        SealedSecret source => $"{source.Metadata.Name} {source.Metadata.Generation}/{source.Status?.ObservedGeneration} {source.Status?.Conditions?[0]}",
        JsonObject json => $"{json["reason"]} {json["message"]}",
        _ => item?.ToString() ?? "",
    };
}
