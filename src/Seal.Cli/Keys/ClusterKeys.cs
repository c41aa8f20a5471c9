using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>The sealing keys of a cluster and what its SealedSecrets say about needing them.</summary>
internal sealed class ClusterKeys : IDisposable
{
    /// <summary>Beginning of the names of key Secrets, and the whole name of one from before they were labelled.</summary>
    public static readonly Flag Prefix = new("key-prefix", FlagKind.Text, "the controller's --key-prefix: how names of key Secrets begin") { Value = "TEXT", Default = "sealed-secrets-key" };

    private readonly KubeClient _cluster;
    private readonly ClusterSettings _settings;
    private readonly ParsedFlags _flags;

    private ClusterKeys(KubeClient cluster, ClusterSettings settings, ParsedFlags flags)
    {
        _cluster = cluster;
        _settings = settings;
        _flags = flags;
        Namespace = flags.Text(ClusterFlags.ControllerNamespace);
    }

    /// <summary>Where the keys are, and where the controller is.</summary>
    public static FlagGroup Keys { get; } = new(ClusterFlags.Group.Heading, [Prefix, .. ClusterFlags.Group.Flags]);

    /// <summary>The controller's: key Secrets lie beside it.</summary>
    public string Namespace { get; }

    private string SecretsPath => $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/secrets";

    public static async Task<ClusterKeys> OpenAsync(ParsedFlags flags, CancellationToken cancellationToken)
    {
        var settings = new ClusterSettingsReader(flags).Read();
        return new ClusterKeys(new KubeClient(await KubeTransport.OpenAsync(settings, cancellationToken)), settings, flags);
    }

    /// <summary>Newest first, retired ones included, and the one without a label that the controller takes by its name.</summary>
    public async Task<IReadOnlyList<ClusterKey>> ListAsync(CancellationToken cancellationToken)
    {
        var prefix = _flags.Text(Prefix);
        var labelled = await _cluster.ListAsync(SecretsPath, SealedSecretAnnotations.SealingKeyLabel, cancellationToken);
        // A list and no get: whoever may list the keys may do this as well.
        var named = await _cluster.ListAsync(SecretsPath, "", cancellationToken, fieldSelector: $"metadata.name={prefix}");
        return
        [
            .. labelled.Concat(named).Select(secret => new ClusterKey(secret, prefix)).DistinctBy(key => key.Name)
                .OrderByDescending(key => key.Certificate?.NotBefore ?? key.Created ?? DateTimeOffset.MinValue),
        ];
    }

    /// <summary>
    /// Fingerprint of the key that seals now. The controller knows: its order may be another, and it may not have taken up the newest
    /// yet. Where it does not tell, the newest that it can use.
    /// </summary>
    public async Task<string?> CurrentAsync(IReadOnlyList<ClusterKey> keys, CancellationToken cancellationToken)
    {
        var usable = keys.Where(key => key.IsActive).Select(key => key.Fingerprint).ToList();
        string reason;
        try
        {
            var controller = await ControllerClient.FindAsync(_cluster, _settings, _flags, cancellationToken);
            var pem = Encoding.UTF8.GetString(await controller.CertificateAsync(cancellationToken));
            if (!SealingCertificate.TryLoad(pem, out var certificate, out var failure)) reason = failure.Message;
            else if (usable.Contains(certificate.Fingerprint)) return certificate.Fingerprint;
            else reason = $"it seals with {certificate.Fingerprint}, which is none of the active keys here";
        }
        catch (Exception failure) when (failure is CommandException or KubeStatusException)
        {
            reason = failure.Message.Split('\n')[0];
        }
        Talk.Warn($"the controller does not tell which key seals now ({reason}); the newest is taken for it");
        return usable.FirstOrDefault();
    }

    /// <summary>Which key each SealedSecret of the cluster needs, as its status says; or why that cannot be known.</summary>
    public async Task<(KeyUse? Use, string? Unknown)> UseAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (KeyUse.Of(await _cluster.ListAsync($"/apis/{SealedSecret.GroupVersion}/{SealedSecret.Plural}", "", cancellationToken)), null);
        }
        catch (KubeStatusException failure)
        {
            return (null, $"which keys the SealedSecrets of the cluster need is not known, for they cannot be listed: {failure.Message}");
        }
    }

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
