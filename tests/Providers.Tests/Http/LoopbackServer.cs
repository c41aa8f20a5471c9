using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Providers.Tests.Http;

/// <summary>A real HTTP server on a free port of loopback, whose one handler the test gives.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private int requests;

    private LoopbackServer(RequestDelegate handler, X509Certificate2? certificate, bool asksForCertificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is null) return;
            listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = asksForCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        application = builder.Build();
        application.Run(context =>
        {
            Interlocked.Increment(ref requests);
            return handler(context);
        });
    }

    /// <summary>Such as <c>http://127.0.0.1:34567/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public int Requests => Volatile.Read(ref requests);

    public static async Task<LoopbackServer> StartAsync(RequestDelegate handler, X509Certificate2? certificate = null, bool asksForCertificate = false)
    {
        var server = new LoopbackServer(handler, certificate, asksForCertificate);
        await server.application.StartAsync();
        server.Address = new Uri(server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
