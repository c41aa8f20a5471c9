using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Http;

/// <summary>
/// The HTTP clients of all providers. From the caller to the wire:
/// <code>
/// what settings put around it
/// BoundedHandler   one time limit for everything below; the body read whole, within bounds; failures as ProviderException
/// RetryHandler     what may be repeated is, after a pause
/// RedirectHandler  to the same host only
/// SocketsHttpHandler, with AddressGuard where it connects
/// </code>
/// </summary>
public sealed class ProviderHttp(ProviderHttpOptions options, TimeProvider time) : IProviderHttp
{
    /// <summary>However long a store wants to wait for an answer: whoever waits for it keeps others waiting.</summary>
    internal static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(2);

    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    public HttpClient Create(HttpSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var guard = settings.GuardAddresses && !options.AllowLinkLocal ? new AddressGuard(options.Proxy ?? HttpClient.DefaultProxy, Resolve) : null;
        var redirects = new RedirectHandler(Sockets(settings, guard));
        var asked = settings.Timeout ?? options.Timeout;
        var limit = asked < LongestTimeout ? asked : LongestTimeout;
        var retries = new RetryHandler(RetryPipeline.Build(settings.Retry, options, limit, time), time, redirects);
        var bounded = new BoundedHandler(limit, options.MaxResponseBytes, guard, time, retries);
        return new HttpClient(settings.Around?.Invoke(bounded) ?? bounded) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private SocketsHttpHandler Sockets(HttpSettings settings, AddressGuard? guard)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            // So that a store that moves to another address is followed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 64,
            Credentials = settings.Credentials,
            SslOptions = Tls(settings),
        };
        if (settings.IsLocal) handler.UseProxy = false;
        else if (options.Proxy is { } proxy) handler.Proxy = proxy;
        if (guard is not null) handler.ConnectCallback = guard.ConnectAsync;
        return handler;
    }

    /// <summary>A chain policy rather than a callback of ours, so that the host name is still compared by the platform.</summary>
    private SslClientAuthenticationOptions Tls(HttpSettings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if ((settings.Authorities ?? options.Authorities) is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            // A bundle may hold intermediates that the server does not send.
            tls.CertificateChainPolicy.ExtraStore.AddRange(authorities);
        }

        if (settings.ClientCertificate is { } certificate) tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        return tls;
    }
}
