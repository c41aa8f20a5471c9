using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.TestClusters;

/// <summary>kube-apiserver for one test after another: what a test made is deleted when it gives the server back. The processes end with this one.</summary>
internal sealed class SweptCluster : ITestCluster
{
    private readonly RealTestCluster cluster;
    private readonly ClusterSweep sweep;
    private readonly Action<SweptCluster> giveBack;

    private SweptCluster(RealTestCluster cluster, ClusterSweep sweep, Action<SweptCluster> giveBack) => (this.cluster, this.sweep, this.giveBack) = (cluster, sweep, giveBack);

    public Uri Address => cluster.Address;

    public bool IsReal => true;

    public string Kubeconfig => cluster.Kubeconfig;

    public string KubeconfigPath => cluster.KubeconfigPath;

    public string CertificateAuthorityPem => cluster.CertificateAuthorityPem;

    public IRequestRecord Requests => cluster.Requests;

    public static async Task<SweptCluster> StartAsync(IReadOnlyList<string> definitions, Action<SweptCluster> giveBack, CancellationToken cancellationToken)
    {
        var cluster = await RealTestCluster.StartAsync(cancellationToken);
        try
        {
            var sweep = new ClusterSweep(cluster.CreateAdminClient());
            await sweep.DefineAsync(definitions.Select(definition => YamlReader.Read(definition)!.AsObject()), cancellationToken);
            await sweep.RememberAsync(cancellationToken);
            cluster.Requests.Clear();
            return new SweptCluster(cluster, sweep, giveBack);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public HttpClient CreateAdminClient() => cluster.CreateAdminClient();

    public HttpClient CreateClient(string? token) => cluster.CreateClient(token);

    public Task<string> CreateServiceAccountTokenAsync(string ns, string name, CancellationToken cancellationToken) => cluster.CreateServiceAccountTokenAsync(ns, name, cancellationToken);

    public Task MapServiceProxyAsync(string ns, string service, int port, Uri backend, CancellationToken cancellationToken) => cluster.MapServiceProxyAsync(ns, service, port, backend, cancellationToken);

    public string KubeconfigForToken(string token) => cluster.KubeconfigForToken(token);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await sweep.RunAsync(CancellationToken.None);
            Requests.Clear();
            giveBack(this);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            await cluster.DisposeAsync(); // it would carry into the next test what it kept
        }
    }
}
