using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Exceptions;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// An authenticated HTTP connection to the API server. KubernetesClient finds configuration and credentials; the trust in the
/// server's certificate is set here, because that library's own check does not look at the host name when the authority is private.
/// </summary>
internal sealed class KubeConnection : IDisposable
{
    private readonly Kubernetes client;
    private readonly string? tlsServerName;

    /// <exception cref="KubeConfigurationException">The configuration does not name a usable server.</exception>
    public KubeConnection(KubernetesClientConfiguration configuration)
    {
        var authorities = configuration.SslCaCerts;
        configuration.SslCaCerts = null;
        configuration.FirstMessageHandlerSetup = handler => Prepare(handler, authorities);
        Namespace = string.IsNullOrWhiteSpace(configuration.Namespace) ? null : configuration.Namespace.Trim();
        tlsServerName = string.IsNullOrWhiteSpace(configuration.TlsServerName) ? null : configuration.TlsServerName;
        try
        {
            client = new Kubernetes(configuration);
        }
        catch (Exception exception) when (exception is KubeConfigException or UriFormatException or IOException)
        {
            throw new KubeConfigurationException($"the configuration of the API server cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>The namespace of the context or of the service account, if one is set.</summary>
    public string? Namespace { get; }

    /// <summary>The server's address, ending in a slash.</summary>
    public Uri BaseUri => client.BaseUri;

    /// <exception cref="KubeConfigurationException">The file cannot be read, or we are in no cluster.</exception>
    public static KubeConnection Open(KubeConnectionOptions options)
    {
        var configuration = Load(options);
        configuration.UserAgent = options.UserAgent;
        return new KubeConnection(configuration);
    }

    /// <summary>Sends one request with our credentials; the answer's body is still on its way.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (client.Credentials is not null)
        {
            await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        // The handler takes the name for SNI and for checking the certificate from this header.
        request.Headers.Host = tlsServerName ?? request.Headers.Host;
        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private static KubernetesClientConfiguration Load(KubeConnectionOptions options)
    {
        try
        {
            return string.IsNullOrEmpty(options.KubeconfigPath)
                ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile(options.KubeconfigPath, options.Context);
        }
#pragma warning disable CA1031 // The library and its YAML reader throw a dozen types for one fact: the file is of no use.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var source = string.IsNullOrEmpty(options.KubeconfigPath) ? "the pod's service account" : options.KubeconfigPath;
            throw new KubeConfigurationException($"cannot read the configuration of the API server from {source}: {exception.Message}", exception);
        }
    }

    private static void Prepare(SocketsHttpHandler handler, X509Certificate2Collection? authorities)
    {
        // A load balancer that forgot the connection answers nothing for ever; a ping finds out (as client-go does by default).
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.ConnectTimeout = TimeSpan.FromSeconds(15);
        handler.AllowAutoRedirect = false;
        if (authorities is null || authorities.Count == 0)
        {
            return;
        }

        // The policy replaces whom to trust, and leaves the check of the host name to TLS. A validation callback would replace both.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        handler.SslOptions.CertificateChainPolicy = policy;
    }
}
