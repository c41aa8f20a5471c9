using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests;

/// <summary>A namespace of one test on one cluster, with the administrator's client.</summary>
internal sealed class TestHome : IAsyncDisposable
{
    private TestHome(ITestCluster cluster, ApiClient api, string name)
    {
        Cluster = cluster;
        Api = api;
        Namespace = name;
    }

    public ITestCluster Cluster { get; }

    public ApiClient Api { get; }

    public string Namespace { get; }

    public string Secrets => Path("secrets");

    public string ConfigMaps => Path("configmaps");

    public static async Task<TestHome> MakeAsync(SharedClusters clusters, ClusterKind kind)
    {
        var cluster = await clusters.GetAsync(kind, TestContext.Current.CancellationToken);
        var api = new ApiClient(cluster.CreateAdminClient());
        var made = await api.PostAsync("/api/v1/namespaces", """{"metadata":{"generateName":"fact-"}}""");
        Assert.Equal(201, made.Code);
        return new TestHome(cluster, api, made.Name);
    }

    /// <summary>A core resource's collection in this namespace.</summary>
    public string Path(string plural) => $"/api/v1/namespaces/{Namespace}/{plural}";

    /// <summary>A collection in this namespace.</summary>
    public string Path(string groupVersion, string plural) => $"/apis/{groupVersion}/namespaces/{Namespace}/{plural}";

    public async Task<ApiAnswer> CreateConfigMapAsync(string name, string extra = "")
    {
        var made = await Api.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"{{{extra}}}},"data":{"a":"1"}}""");
        Assert.Equal(201, made.Code);
        return made;
    }

    /// <summary>Waits until an object is not there any more.</summary>
    public async Task WaitGoneAsync(string path)
    {
        var at = path.LastIndexOf('/');
        while (true)
        {
            var now = await Api.GetAsync(path);
            if (now.Code == 404) return;
            using var watch = await WatchReader.OpenAsync(Api, $"{path[..at]}?fieldSelector=metadata.name%3D{path[(at + 1)..]}&resourceVersion={now.Version}&timeoutSeconds=30");
            while (await watch.NextAsync() is { } next && next["type"]!.GetValue<string>() != "DELETED") { }
        }
    }

    /// <summary>Asks until an answer is as wanted; for what a server does in its own time and reports by no event.</summary>
    public static async Task<ApiAnswer> UntilAsync(Func<Task<ApiAnswer>> ask, Func<ApiAnswer, bool> wanted)
    {
        for (var i = 0; i < 3600; i++)
        {
            var answer = await ask();
            if (wanted(answer)) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("the server did not come to it");
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DeleteAsync("/api/v1/namespaces/" + Namespace);
        Api.Dispose();
    }
}
