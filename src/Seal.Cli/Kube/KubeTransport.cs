using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>
/// One HTTP client for one API server. The server's certificate is checked in full: the chain must end at the given authority (and no
/// other), and the name must be the host's or tls-server-name. What went wrong is kept, because the exception only has it as text.
/// </summary>
internal sealed class KubeTransport : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly ClusterSettings _settings;
    private readonly ExecCredential? _credential;
    private readonly HttpClient _http;
    private readonly X509Certificate2? _clientCertificate;
    private SslPolicyErrors _refused;

    private KubeTransport(ClusterSettings settings, ExecCredential? credential)
    {
        _settings = settings;
        _credential = credential;
        _clientCertificate = ClientCertificate(credential?.CertificatePem ?? settings.ClientCertificatePem, credential?.KeyPem ?? settings.ClientKeyPem);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            AutomaticDecompression = settings.Compression ? DecompressionMethods.GZip : DecompressionMethods.None,
            SslOptions = Tls(),
        };
        if (settings.Proxy is not null) handler.Proxy = new WebProxy(settings.Proxy);
        _http = new HttpClient(handler) { Timeout = settings.RequestTimeout, MaxResponseContentBufferSize = 256 << 20 };
    }

    public static async Task<KubeTransport> OpenAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        // A token or certificate given directly wins over a plugin, as with kubectl.
        var credential = settings is { ExecPlugin: { } plugin, Token: null, ClientCertificatePem: null }
            ? await ExecPlugin.RunAsync(plugin, settings.ClusterEntry, cancellationToken)
            : null;
        return new KubeTransport(settings, credential);
    }

    /// <summary>Sends one request and reads the answer whole, whatever its status.</summary>
    /// <param name="path">Absolute path and query on the server.</param>
    /// <exception cref="CommandException">No answer: not reachable, not trusted, or too slow.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)> SendAsync(
        HttpMethod method, string path, byte[]? body, string contentType, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _settings.Server.AbsoluteUri.TrimEnd('/') + path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        Authenticate(request);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"cannot reach the API server {_settings.Server}{Through}: {Describe(failure)}", failure);
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"the API server {_settings.Server} {Late(_settings.RequestTimeout)}", failure);
        }
    }

    private static string Late(TimeSpan timeout)
    {
        var connection = string.Create(CultureInfo.InvariantCulture, $"let no connection come about within {ConnectTimeout.TotalSeconds} s");
        var answer = string.Create(CultureInfo.InvariantCulture, $"did not answer within {timeout.TotalSeconds:0.###} s (--request-timeout)");
        if (timeout == Timeout.InfiniteTimeSpan) return connection;
        return timeout <= ConnectTimeout ? answer : $"{connection}, or {answer}";
    }

    public void Dispose()
    {
        _http.Dispose();
        _clientCertificate?.Dispose();
    }

    private void Authenticate(HttpRequestMessage request)
    {
        // SocketsHttpHandler takes the name for SNI and for the check of the certificate from this header, and from nowhere else.
        if (_settings.TlsServerName is { } name) request.Headers.Host = name;
        if ((_settings.Token ?? _credential?.Token) is { } token) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        else if (_settings.UserName is { } user)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{_settings.Password}"));
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + basic);
        }
        if (_settings.ActAsUser is { } actAs) request.Headers.TryAddWithoutValidation("Impersonate-User", actAs);
        if (_settings.ActAsUid is { } uid) request.Headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        foreach (var group in _settings.ActAsGroups) request.Headers.TryAddWithoutValidation("Impersonate-Group", group);
    }

    private SslClientAuthenticationOptions Tls()
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
            {
                _refused = errors;
                return errors == SslPolicyErrors.None || _settings.SkipTlsVerify;
            },
        };
        if (_clientCertificate is not null) options.ClientCertificates = [_clientCertificate];
        if (_settings.AuthorityPem is not { } pem) return options;
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException failure)
        {
            throw new CommandException("the certificate authority of the cluster cannot be read: it is not PEM", failure);
        }
        return options;
    }

    private static X509Certificate2? ClientCertificate(string? certificate, string? key)
    {
        if (certificate is null) return null;
        try
        {
            var loaded = CertificatePair.FromPem(certificate, key ?? throw new CommandException("a client certificate is given without its key (client-key)"));
            if (!OperatingSystem.IsWindows()) return loaded;
            // Windows' TLS does not take a key that exists in memory only.
            using (loaded) return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException failure)
        {
            throw new CommandException("the client certificate and its key cannot be read or do not belong together", failure);
        }
    }

    private string Through => _settings.Proxy is { } proxy ? $" through the proxy {proxy.IdnHost}:{proxy.Port}" : EnvironmentProxy.Through(_settings.Server);

    private string Describe(HttpRequestException failure)
    {
        var name = _settings.TlsServerName ?? _settings.Server.Host;
        if (_refused.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is not made out to {name}; if that is right, give the name that it bears with --tls-server-name";
        if (_refused.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            return "its certificate does not lead to a trusted authority; give the cluster's with --certificate-authority";
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"{name} is no known host",
            HttpRequestError.ConnectionError => failure.InnerException?.Message ?? failure.Message,
            _ => failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message,
        };
    }
}
