using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using GitOpsSecrets.Controller.Flags;

namespace GitOpsSecrets.Controller.Http;

/// <summary>An HTTPS port of its own, on every replica. Its certificate may change at any time; without one no connection is made.</summary>
internal sealed class SecureFront : IAsyncDisposable
{
    private const int MaxConnections = 1024;
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(30);

    private readonly WebApplication application;
    private readonly ListenAddress address;

    /// <summary>How long requests in hand may take when it is stopped.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <param name="maxBody">Bytes of a request.</param>
    public SecureFront(ListenAddress address, ServingCertificate certificate, long maxBody, Action<IEndpointRouteBuilder> map, ILoggerFactory loggers)
    {
        this.address = address;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, address, certificate, maxBody));
        application = builder.Build();
        application.UseRouting();
        map(application);
    }

    /// <summary>Where it listens, with the real port; known once started.</summary>
    public Uri? Address { get; private set; }

    /// <exception cref="ListenException">The port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Listening.StartAsync(() => application.StartAsync(cancellationToken), ("--webhook-addr or --event-listen-addr", address)).ConfigureAwait(false);
        var port = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        Address = new Uri($"https://localhost:{port}/");
    }

    public Task StopAsync(CancellationToken cancellationToken) => application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ListenAddress address, ServingCertificate certificate, long maxBody)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = maxBody;
        kestrel.Limits.RequestHeadersTimeout = HeaderPatience;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        if (address.Address is null) kestrel.ListenAnyIP(address.Port, Secure);
        else kestrel.Listen(address.Address, address.Port, Secure);

        void Secure(ListenOptions listener) => listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ServerCertificateContext = certificate.Current ?? throw new AuthenticationException("there is no certificate yet"),
            }),
        });
    }
}
