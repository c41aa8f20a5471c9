using System.Text;
using GitOpsSecrets.Seal.Cli.Files;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>What Kubernetes puts into every pod.</summary>
/// <param name="folder">Where the files lie.</param>
/// <param name="environment">Value of a variable, or <c>null</c>.</param>
internal sealed class ServiceAccount(string folder, Func<string, string?> environment)
{
    /// <summary>That of the pod we run in, if we do.</summary>
    public static ServiceAccount OfPod { get; } = new("/var/run/secrets/kubernetes.io/serviceaccount", Environment.GetEnvironmentVariable);

    /// <summary>The pod's namespace; <c>null</c> outside a cluster.</summary>
    public string? Namespace()
    {
        if (environment("POD_NAMESPACE") is { Length: > 0 } named) return named;
        var file = Path.Combine(folder, "namespace");
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary><c>null</c> outside a cluster.</summary>
    public ClusterSettings? Settings()
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(Path.Combine(folder, "token"))) return null;
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return new ClusterSettings
        {
            Server = new Uri($"https://{host}:{port}"),
            ContextName = "in-cluster",
            AuthorityPem = Encoding.UTF8.GetString(InputFile.Read(Path.Combine(folder, "ca.crt"))),
            Token = Encoding.UTF8.GetString(InputFile.Read(Path.Combine(folder, "token"))).Trim(),
        };
    }
}
