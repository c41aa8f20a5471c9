using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Controller.Kube;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Controller.Tests.Kube;

/// <summary>A server on loopback that answers as the test says: for what no healthy API server does.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private ScriptedServer(WebApplication application, Uri address)
    {
        this.application = application;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Method and path with query of each request so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, Task> script, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        var application = builder.Build();
        ScriptedServer? server = null;
        application.Run(async context =>
        {
            server!.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            await script(context);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server = new ScriptedServer(application, new Uri(address));
        return server;
    }

    /// <summary>A client of this server, without a rate limit unless the options say so.</summary>
    public KubeClient Client(TimeProvider time, KubeTransportOptions? options = null) =>
        new(new KubeTransport(
            new KubeConnection(new KubernetesClientConfiguration { Host = Address.ToString() }),
            options ?? new KubeTransportOptions { QueriesPerSecond = -1 },
            time));

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await application.StopAsync(limit.Token);
        await application.DisposeAsync();
    }
}
