using System.Text;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>What Kubernetes puts into every pod.</summary>
internal static class ServiceAccount
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount/";

    /// <summary>The pod's namespace; <c>null</c> outside a cluster.</summary>
    public static string? Namespace()
    {
        if (Environment.GetEnvironmentVariable("POD_NAMESPACE") is { Length: > 0 } named) return named;
        return File.Exists(Folder + "namespace") && File.ReadAllText(Folder + "namespace").Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary><c>null</c> outside a cluster.</summary>
    public static ClusterSettings? Settings()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(Folder + "token")) return null;
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return new ClusterSettings
        {
            Server = new Uri($"https://{host}:{port}"),
            ContextName = "in-cluster",
            AuthorityPem = Encoding.UTF8.GetString(InputFile.Read(Folder + "ca.crt")),
            Token = Encoding.UTF8.GetString(InputFile.Read(Folder + "token")).Trim(),
        };
    }
}
