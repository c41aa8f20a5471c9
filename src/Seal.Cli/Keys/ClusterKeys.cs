using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>The sealing keys of a cluster and what its SealedSecrets say about needing them.</summary>
internal sealed class ClusterKeys : IDisposable
{
    private readonly KubeClient _cluster;

    private ClusterKeys(KubeClient cluster, string space)
    {
        _cluster = cluster;
        Namespace = space;
    }

    /// <summary>The controller's: key Secrets lie beside it.</summary>
    public string Namespace { get; }

    private string SecretsPath => $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/secrets";

    public static async Task<ClusterKeys> OpenAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        var settings = new ClusterSettingsReader(flags).Read();
        return new ClusterKeys(new KubeClient(await KubeTransport.OpenAsync(settings, cancellationToken)), flags.Text(ClusterFlags.ControllerNamespace));
    }

    /// <summary>Newest first, retired ones included.</summary>
    public async Task<IReadOnlyList<ClusterKey>> ListAsync(CancellationToken cancellationToken)
    {
        var secrets = await _cluster.ListAsync(SecretsPath, SealedSecretAnnotations.SealingKeyLabel, cancellationToken);
        return [.. secrets.Select(secret => new ClusterKey(secret)).OrderByDescending(key => key.Certificate?.NotBefore ?? key.Created ?? DateTimeOffset.MinValue)];
    }

    /// <summary>Which key each SealedSecret of the cluster needs, as its status says.</summary>
    public async Task<KeyUse> UseAsync(CancellationToken cancellationToken) =>
        KeyUse.Of(await _cluster.ListAsync($"/apis/{SealedSecret.GroupVersion}/{SealedSecret.Plural}", "", cancellationToken));

    /// <param name="name">A name, or a prefix that ends as the server likes.</param>
    /// <param name="exact">Whether it is the name.</param>
    /// <param name="state">The label's value.</param>
    /// <param name="privateKeyPem">PKCS#1 or PKCS#8.</param>
    /// <param name="certificatePem">Its certificate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The name it got.</returns>
    public async Task<string> CreateAsync(string name, bool exact, string state, byte[] privateKeyPem, byte[] certificatePem, CancellationToken cancellationToken)
    {
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                [exact ? "name" : "generateName"] = name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { [SealedSecretAnnotations.SealingKeyLabel] = state },
            },
            ["type"] = "kubernetes.io/tls",
            ["data"] = new JsonObject
            {
                [ClusterKey.KeyItem] = Convert.ToBase64String(privateKeyPem),
                [ClusterKey.CertificateItem] = Convert.ToBase64String(certificatePem),
            },
        };
        var created = await _cluster.CreateAsync(SecretsPath, secret, cancellationToken);
        return (created["metadata"] as JsonObject).Text("name") ?? name;
    }

    public Task SetStateAsync(string name, string state, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [SealedSecretAnnotations.SealingKeyLabel] = state } },
        };
        return _cluster.PatchAsync($"{SecretsPath}/{Uri.EscapeDataString(name)}", patch, cancellationToken);
    }

    public void Dispose() => _cluster.Dispose();
}
