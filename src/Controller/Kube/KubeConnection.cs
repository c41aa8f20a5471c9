using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// An authenticated HTTP connection to the API server. KubernetesClient finds configuration and credentials; the transport is ours. That
/// library's own does not look at the host name when the authority is private, and its <c>Kubernetes</c> class would bring the models of
/// every kind there is into the native executable.
/// </summary>
internal sealed class KubeConnection : IDisposable
{
    private readonly HttpClient client;
    private readonly ServiceClientCredentials? credentials;
    private readonly X509Certificate2? clientCertificate;
    private readonly string? tlsServerName;

    /// <exception cref="KubeConfigurationException">The configuration does not name a usable server.</exception>
    public KubeConnection(KubernetesClientConfiguration configuration)
    {
        Namespace = string.IsNullOrWhiteSpace(configuration.Namespace) ? null : configuration.Namespace.Trim();
        tlsServerName = string.IsNullOrWhiteSpace(configuration.TlsServerName) ? null : configuration.TlsServerName;
        try
        {
            var address = new Uri(configuration.Host);
            BaseUri = address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
            credentials = Kubernetes.CreateCredentials(configuration);
            clientCertificate = ClientCertificate.Load(configuration);
            client = new HttpClient(NewHandler(configuration, clientCertificate)) { Timeout = Timeout.InfiniteTimeSpan };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeConfigurationException($"the configuration of the API server cannot be used: {exception.Message}", exception);
        }
        if (!string.IsNullOrEmpty(configuration.UserAgent)) client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", configuration.UserAgent);
    }

    /// <summary>The namespace of the context or of the service account, if one is set.</summary>
    public string? Namespace { get; }

    /// <summary>The server's address, ending in a slash.</summary>
    public Uri BaseUri { get; }

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
        if (credentials is not null)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        // The handler takes the name for SNI and for checking the certificate from this header.
        request.Headers.Host = tlsServerName ?? request.Headers.Host;
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose()
    {
        client.Dispose();
        clientCertificate?.Dispose();
    }

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

    private static SocketsHttpHandler NewHandler(KubernetesClientConfiguration configuration, X509Certificate2? clientCertificate)
    {
        var handler = new SocketsHttpHandler
        {
            // A load balancer that forgot the connection answers nothing for ever; a ping finds out (as client-go does by default).
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
        };
        if (clientCertificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate;
        }

        Trust(handler.SslOptions, configuration);
        return handler;
    }

    private static void Trust(SslClientAuthenticationOptions tls, KubernetesClientConfiguration configuration)
    {
        if (configuration.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (configuration.SslCaCerts is { Count: > 0 } authorities)
        {
            // The policy replaces whom to trust, and leaves the check of the host name to TLS. A validation callback would replace both.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }
    }
}
