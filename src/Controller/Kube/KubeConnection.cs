using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Providers.Http;
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
    /// <summary>How long a connection may take to come about, TLS included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient client;
    private readonly ServiceClientCredentials? credentials;
    private readonly X509Certificate2? clientCertificate;
    private readonly string? tlsServerName;
    private readonly ServerTrust trust;

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
            trust = new ServerTrust(configuration, tlsServerName ?? BaseUri.IdnHost);
            client = new HttpClient(NewHandler(trust, clientCertificate)) { Timeout = Timeout.InfiniteTimeSpan };
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

    /// <summary>The server as the log names it: host and port, never what the address may hold besides, and the proxy in between if there is one.</summary>
    public string Server => BaseUri.GetComponents(UriComponents.NormalizedHost | UriComponents.StrongPort, UriFormat.UriEscaped) + EnvironmentProxy.Through(BaseUri);

    /// <summary>What was wrong with the certificate that was shown last; <c>null</c> when it was right.</summary>
    public string? Distrust => trust.Distrust;

    /// <exception cref="KubeConfigurationException">The file cannot be read, or we are in no cluster.</exception>
    public static KubeConnection Open(KubeConnectionOptions options)
    {
        var configuration = Load(options);
        configuration.UserAgent = options.UserAgent;
        return new KubeConnection(configuration);
    }

    /// <summary>Sends one request with our credentials; the answer's body is still on its way.</summary>
    /// <exception cref="KubeTransportException">There are no credentials: the token file is gone, the plugin failed.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (credentials is not null)
        {
            try
            {
                await credentials.ProcessHttpRequestAsync(request, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw new KubeTransportException($"no credentials for the API server at {Server}: {failure.GetBaseException().GetType().Name}", failure);
            }
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
            // The rest of what it says of a plugin is a stack trace.
            throw new KubeConfigurationException($"cannot read the configuration of the API server from {source}: {exception.Message.Split('\n')[0].TrimEnd()}", exception);
        }
    }

    private static SocketsHttpHandler NewHandler(ServerTrust trust, X509Certificate2? clientCertificate)
    {
        var handler = new SocketsHttpHandler
        {
            // A load balancer that forgot the connection answers nothing for ever; a ping finds out (as client-go does by default).
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
        };
        if (clientCertificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate;
        }

        trust.Configure(handler.SslOptions);
        return handler;
    }
}
