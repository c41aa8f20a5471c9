namespace GitOpsSecrets.TestClusters;

/// <summary>An API server that a test may do anything to. One instance may serve many tests at once: let each use namespaces of its own.</summary>
public interface ITestCluster : IAsyncDisposable
{
    /// <summary>For example <c>https://127.0.0.1:34567/</c>.</summary>
    Uri Address { get; }

    /// <summary>Whether this is kube-apiserver itself.</summary>
    bool IsReal { get; }

    /// <summary>The administrator's kubeconfig, as YAML.</summary>
    string Kubeconfig { get; }

    /// <summary>The administrator's kubeconfig, as a file that lives as long as the cluster.</summary>
    string KubeconfigPath { get; }

    /// <summary>The certificate authority of the server, as PEM.</summary>
    string CertificateAuthorityPem { get; }

    IRequestRecord Requests { get; }

    /// <summary>A client with the administrator's rights; dispose it.</summary>
    HttpClient CreateAdminClient();

    /// <summary>A client with a bearer token, or (with <c>null</c>) without credentials; dispose it.</summary>
    HttpClient CreateClient(string? token);

    /// <summary>A token of a service account that exists.</summary>
    Task<string> CreateServiceAccountTokenAsync(string ns, string name, CancellationToken cancellationToken);

    /// <summary>Makes the API server's service proxy lead to a program of the test: <c>services/http:SERVICE:http/proxy</c>.</summary>
    /// <param name="port">The port of the service.</param>
    /// <param name="backend">On loopback.</param>
    Task MapServiceProxyAsync(string ns, string service, int port, Uri backend, CancellationToken cancellationToken);

    /// <summary>A kubeconfig for the holder of a token, as YAML.</summary>
    string KubeconfigForToken(string token);
}
