using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.LocalCluster.Auth;
using GitOpsSecrets.LocalCluster.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace GitOpsSecrets.LocalCluster;

/// <summary>A Kubernetes-compatible API server in this process: HTTPS on loopback, in memory, gone on dispose.</summary>
public sealed class LocalApiServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);
    private readonly ClusterParts parts;
    private readonly WebApplication application;
    private readonly CertificateAuthority authority;
    private readonly X509Certificate2 serverCertificate;
    private readonly CancellationTokenSource stopping = new();
    private Task controllers = Task.CompletedTask;

    private LocalApiServer(LocalApiServerOptions options)
    {
        authority = new CertificateAuthority("local-cluster-ca", options.Time);
        AdminToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        parts = new ClusterParts(options, AdminToken, authority.Pem);
        serverCertificate = authority.IssueServer(
            "kube-apiserver", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local");
        application = Build(options.Port);
    }

    /// <summary>For example <c>https://127.0.0.1:34567/</c>.</summary>
    public Uri Address { get; private set; } = new("https://127.0.0.1/");

    /// <summary>A kubeconfig of the administrator, with a client certificate.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>The administrator's bearer token.</summary>
    public string AdminToken { get; }

    /// <summary>The certificate authority that clients check the server by, as PEM.</summary>
    public string CertificateAuthorityPem => authority.Pem;

    public ClusterFaults Faults => parts.Faults;

    public RequestLog Requests => parts.Requests;

    public static async Task<LocalApiServer> StartAsync(LocalApiServerOptions options, CancellationToken cancellationToken)
    {
        var server = new LocalApiServer(options);
        try
        {
            await server.RunAsync(options, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Requests to <c>…/services/[scheme:]SERVICE[:port]/proxy/…</c> go to this address from now on.</summary>
    public void MapServiceProxy(string ns, string service, Uri backend) => parts.Proxy.Map(ns, service, backend);

    /// <summary>Writes <see cref="Kubeconfig"/> so that only its owner can read it.</summary>
    /// <returns>The full path.</returns>
    public string WriteKubeconfig(string path)
    {
        var full = Path.GetFullPath(path);
        KubeconfigFile.Write(full, Kubeconfig);
        return full;
    }

    /// <summary>A kubeconfig for the holder of a bearer token, for example of a service account.</summary>
    public string KubeconfigForToken(string token) => KubeconfigFile.ForToken(Address, authority.Pem, token);

    /// <summary>A token of a service account, for the API server itself; what TokenRequest gives.</summary>
    /// <exception cref="ArgumentException">There is no such account.</exception>
    public string CreateServiceAccountToken(string ns, string name, TimeSpan lifetime) => parts.IssueToken(ns, name, lifetime);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        parts.Faults.DropWatches();
        using var limit = new CancellationTokenSource(ShutdownLimit, TimeProvider.System); // a clock that stands still must not keep the process
        await application.StopAsync(limit.Token);
        await application.DisposeAsync();
        await controllers;
        parts.Dispose();
        serverCertificate.Dispose();
        authority.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync(LocalApiServerOptions options, CancellationToken cancellationToken)
    {
        parts.Bootstrap.Run(options.Manifests);
        controllers = Task.Run(() => parts.Controllers.RunAsync(stopping.Token), CancellationToken.None);
        await application.StartAsync(cancellationToken);
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri($"https://127.0.0.1:{new Uri(addresses.First()).Port}/");
        using var admin = authority.IssueClient("O=system:masters, CN=kubernetes-admin");
        Kubeconfig = KubeconfigFile.ForCertificate(Address, authority.Pem, admin);
    }

    private WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes + 1024;
            kestrel.Listen(IPAddress.Loopback, port, ConfigureHttps);
        });
        var built = builder.Build();
        built.Run(parts.Handler.HandleAsync);
        return built;
    }

    private void ConfigureHttps(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = serverCertificate,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => IsOurs(certificate),
        });
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
