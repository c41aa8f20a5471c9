using System.Net;
using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>The controller's three HTTP calls, reached through the API server's service proxy.</summary>
internal sealed class ControllerClient : IDisposable
{
    private const string PemFile = "application/x-pem-file, */*";

    private readonly string _proxyPath;

    private ControllerClient(KubeClient cluster, ClusterSettings settings, string proxyPath)
    {
        Cluster = cluster;
        Settings = settings;
        _proxyPath = proxyPath;
    }

    public KubeClient Cluster { get; }

    public ClusterSettings Settings { get; }

    /// <summary>Looks the Service up, for the name of its port.</summary>
    /// <exception cref="CommandException">No configuration, no connection, or no such Service.</exception>
    public static async Task<ControllerClient> OpenAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        var settings = new ClusterSettingsReader(flags).Read();
        var cluster = new KubeClient(await KubeTransport.OpenAsync(settings, cancellationToken));
        try
        {
            return await FindAsync(cluster, settings, flags, cancellationToken);
        }
        catch (CommandException)
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The same over a connection that is there, which stays the caller's if the Service is not found.</summary>
    /// <exception cref="CommandException">No such Service.</exception>
    public static async Task<ControllerClient> FindAsync(KubeClient cluster, ClusterSettings settings, ParsedFlags flags, CancellationToken cancellationToken)
    {
        try
        {
            var space = flags.Text(ClusterFlags.ControllerNamespace);
            var name = flags.Text(ClusterFlags.ControllerName);
            var path = $"/api/v1/namespaces/{Uri.EscapeDataString(space)}/services/";
            var port = PortName(await cluster.GetAsync(path + Uri.EscapeDataString(name), cancellationToken));
            return new ControllerClient(cluster, settings, $"{path}http:{Uri.EscapeDataString(name)}:{Uri.EscapeDataString(port)}/proxy");
        }
        catch (KubeStatusException failure)
        {
            throw new CommandException(
                $"cannot get sealed secret service: {failure.Message}.\nPlease, use the flag --controller-name and --controller-namespace to set up the name and namespace of the sealed secrets controller", failure);
        }
    }

    /// <summary>PEM of the certificate that seals now.</summary>
    public async Task<byte[]> CertificateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Cluster.SendAsync(HttpMethod.Get, _proxyPath + "/v1/cert.pem", null, "", PemFile, cancellationToken);
        }
        catch (KubeStatusException failure)
        {
            throw new CommandException(
                $"cannot fetch certificate: {failure.Message}\nIf the controller runs, its certificate can also be had with `kubectl port-forward` and --cert http://localhost:8080/v1/cert.pem", failure);
        }
    }

    /// <summary>Whether the controller can open it. The body is the SealedSecret as JSON.</summary>
    /// <exception cref="KubeStatusException">The controller did not say.</exception>
    public async Task<bool> VerifyAsync(byte[] sealedSecret, CancellationToken cancellationToken)
    {
        try
        {
            await Cluster.SendAsync(HttpMethod.Post, _proxyPath + "/v1/verify", sealedSecret, "application/json", "*/*", cancellationToken);
            return true;
        }
        catch (KubeStatusException failure) when (failure.Status == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>The same SealedSecret, sealed with the newest key.</summary>
    /// <exception cref="KubeStatusException">The controller refused.</exception>
    public Task<byte[]> RotateAsync(byte[] sealedSecret, CancellationToken cancellationToken) =>
        Cluster.SendAsync(HttpMethod.Post, _proxyPath + "/v1/rotate", sealedSecret, "application/json", "*/*", cancellationToken);

    public void Dispose() => Cluster.Dispose();

    private static string PortName(JsonObject service) =>
        ((service["spec"] as JsonObject)?["ports"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault().Text("name") ?? "";
}
