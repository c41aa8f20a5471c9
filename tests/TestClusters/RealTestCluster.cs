using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.LocalCluster.Auth;

namespace GitOpsSecrets.TestClusters;

/// <summary>
/// etcd, kube-apiserver and (if it is there) kube-controller-manager from <c>KUBEBUILDER_ASSETS</c>, on free loopback ports, RBAC on,
/// everything in a temporary directory; processes and files are gone on dispose.
/// <para>There are no nodes, so pods stay Pending. Services lead to programs of the tests through <see cref="EgressRelay"/>.</para>
/// </summary>
public sealed class RealTestCluster : ITestCluster
{
    private const string Variable = "KUBEBUILDER_ASSETS";

    /// <summary>Up to 1.23 kube-controller-manager opens an unencrypted port unless told not to; later ones know no such flag.</summary>
    private const int FirstWithoutInsecurePort = 24;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private readonly string assets;
    private readonly string directory = Directory.CreateTempSubdirectory("real-cluster-").FullName;
    private readonly CertificateAuthority authority = new("kubernetes-ca", TimeProvider.System);
    private readonly CertificateAuthority frontProxy = new("front-proxy-ca", TimeProvider.System);
    private readonly string adminToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
    private readonly List<ServerProcess> processes = [];
    private readonly PortLease serverPort = PortLease.Take();
    private readonly PortLease etcdPort = PortLease.Take();
    private readonly PortLease peerPort = PortLease.Take();
    private EgressRelay? egress;
    private int mappedServices;

    private RealTestCluster(string assets)
    {
        this.assets = assets;
        Address = new Uri($"https://127.0.0.1:{serverPort.Port}/");
        using var admin = authority.IssueClient("O=system:masters, CN=kubernetes-admin");
        Kubeconfig = KubeconfigFile.ForCertificate(Address, authority.Pem, admin);
        KubeconfigPath = Path.Combine(directory, "admin.kubeconfig");
        KubeconfigFile.Write(KubeconfigPath, Kubeconfig);
        Requests = new AuditLog(Path.Combine(directory, ControlPlaneFiles.AuditLog));
    }

    /// <summary>Whether <c>KUBEBUILDER_ASSETS</c> names a directory with the programs.</summary>
    public static bool IsAvailable =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } directory
        && File.Exists(Path.Combine(directory, "kube-apiserver")) && File.Exists(Path.Combine(directory, "etcd"));

    public Uri Address { get; }

    public bool IsReal => true;

    public string Kubeconfig { get; }

    public string KubeconfigPath { get; }

    public IRequestRecord Requests { get; }

    public string CertificateAuthorityPem => authority.Pem;

    /// <exception cref="InvalidOperationException">The programs are not there, or do not come up; the message has the end of their log.</exception>
    public static async Task<RealTestCluster> StartAsync(CancellationToken cancellationToken)
    {
        if (!IsAvailable) throw new InvalidOperationException($"{Variable} does not name a directory with etcd and kube-apiserver");
        var cluster = new RealTestCluster(Environment.GetEnvironmentVariable(Variable)!);
        try
        {
            await cluster.RunAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public HttpClient CreateAdminClient() => CreateClient(adminToken);

    public HttpClient CreateClient(string? token) => ClusterHttp.Client(Address, CertificateAuthorityPem, token);

    public Task<string> CreateServiceAccountTokenAsync(string ns, string name, CancellationToken cancellationToken) =>
        ClusterHttp.RequestTokenAsync(this, ns, name, cancellationToken);

    public string KubeconfigForToken(string token) => KubeconfigFile.ForToken(Address, CertificateAuthorityPem, token);

    public async Task MapServiceProxyAsync(string ns, string service, int port, Uri backend, CancellationToken cancellationToken)
    {
        var ip = $"192.0.2.{9 + Interlocked.Increment(ref mappedServices)}"; // TEST-NET-1: routed nowhere
        egress!.Map($"{ip}:{port}", backend);
        using var admin = CreateAdminClient();
        await ServiceProxyObjects.CreateAsync(admin, ns, service, port, ip, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (egress is not null) await egress.DisposeAsync();
        for (var i = processes.Count - 1; i >= 0; i--) await processes[i].DisposeAsync();
        foreach (var port in new[] { serverPort, etcdPort, peerPort }) port.Dispose();
        authority.Dispose();
        frontProxy.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var files = new ControlPlaneFiles(directory, authority, frontProxy, adminToken, Address);
        egress = new EgressRelay(files.Of(ControlPlaneFiles.EgressSocket));
        Launch("etcd", ControlPlaneFlags.Etcd(Path.Combine(directory, "etcd"), etcdPort.Port, peerPort.Port));
        var server = Launch("kube-apiserver", ControlPlaneFlags.ApiServer(files, etcdPort.Port, serverPort.Port));
        await WaitForAsync("readyz", server, cancellationToken);
        if (!File.Exists(Path.Combine(assets, "kube-controller-manager"))) return;
        var flags = ControlPlaneFlags.ControllerManager(files);
        if (await MinorVersionAsync(cancellationToken) < FirstWithoutInsecurePort) flags = flags.Append("--port=0");
        var manager = Launch("kube-controller-manager", flags);
        await WaitForAsync("api/v1/namespaces/default/serviceaccounts/default", manager, cancellationToken);
    }

    private async Task<int> MinorVersionAsync(CancellationToken cancellationToken)
    {
        using var client = CreateAdminClient();
        var version = await client.GetFromJsonAsync<JsonObject>(new Uri("version", UriKind.Relative), cancellationToken);
        return int.Parse(version!["minor"]!.GetValue<string>().TrimEnd('+'), CultureInfo.InvariantCulture);
    }

    private ServerProcess Launch(string program, IEnumerable<string> flags)
    {
        var process = ServerProcess.Start(Path.Combine(assets, program), flags, Path.Combine(directory, program + ".log"));
        processes.Add(process);
        return process;
    }

    private async Task WaitForAsync(string path, ServerProcess process, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = CreateAdminClient();
        while (!await AnswersAsync(client, path, either.Token))
        {
            if (process.HasExited || limit.IsCancellationRequested) throw new InvalidOperationException($"{process.Name} does not come up: {process.LogTail()}");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
