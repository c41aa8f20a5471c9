using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

/// <summary>Our own API server, in this process.</summary>
public sealed class LocalTestCluster : ITestCluster
{
    private readonly string directory;

    private LocalTestCluster(LocalApiServer server)
    {
        Server = server;
        directory = Directory.CreateTempSubdirectory("local-cluster-").FullName;
        Requests = new LocalRequests(server.Requests);
        KubeconfigPath = server.WriteKubeconfig(Path.Combine(directory, "admin.kubeconfig"));
    }

    /// <summary>The server itself, for faults and the service proxy.</summary>
    public LocalApiServer Server { get; }

    public Uri Address => Server.Address;

    public bool IsReal => false;

    public string Kubeconfig => Server.Kubeconfig;

    public string KubeconfigPath { get; }

    public IRequestRecord Requests { get; }

    public string CertificateAuthorityPem => Server.CertificateAuthorityPem;

    public static async Task<LocalTestCluster> StartAsync(LocalApiServerOptions options, CancellationToken cancellationToken) =>
        new(await LocalApiServer.StartAsync(options, cancellationToken));

    public HttpClient CreateAdminClient() => CreateClient(Server.AdminToken);

    public HttpClient CreateClient(string? token) => ClusterHttp.Client(Address, CertificateAuthorityPem, token);

    public Task<string> CreateServiceAccountTokenAsync(string ns, string name, CancellationToken cancellationToken) =>
        ClusterHttp.RequestTokenAsync(this, ns, name, cancellationToken);

    public async Task MapServiceProxyAsync(string ns, string service, int port, Uri backend, CancellationToken cancellationToken)
    {
        Server.MapServiceProxy(ns, service, backend);
        using var admin = CreateAdminClient();
        await ServiceProxyObjects.CreateAsync(admin, ns, service, port, "192.0.2.10", cancellationToken);
    }

    public string KubeconfigForToken(string token) => Server.KubeconfigForToken(token);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
