using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>A sealing-key Secret of a cluster, without its private key unless that is asked for.</summary>
internal sealed class ClusterKey
{
    public const string KeyItem = "tls.key";
    public const string CertificateItem = "tls.crt";

    private readonly JsonObject _secret;

    /// <param name="secret">The Secret.</param>
    /// <param name="prefix">The controller's <c>--key-prefix</c>: a Secret of exactly this name counts without a label.</param>
    public ClusterKey(JsonObject secret, string? prefix = null)
    {
        _secret = secret;
        var metadata = secret["metadata"] as JsonObject;
        Name = metadata.Text("name") ?? "";
        var labels = metadata?["labels"] as JsonObject;
        var isUnlabelled = labels?.ContainsKey(SealedSecretAnnotations.SealingKeyLabel) is not true;
        Label = isUnlabelled && Name == prefix ? SealedSecretAnnotations.ActiveKey : labels.Text(SealedSecretAnnotations.SealingKeyLabel) ?? "";
        Created = DateTimeOffset.TryParse(metadata.Text("creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, out var created) ? created : null;
        var certificatePem = Item(CertificateItem);
        if (certificatePem is null) Problem = $"has no {CertificateItem}";
        else if (SealingCertificate.TryLoad(certificatePem, out var certificate, out var failure)) Certificate = certificate;
        else Problem = $"{CertificateItem}: {failure.Message}";
        Problem ??= KeyProblem();
    }

    public string Name { get; }

    /// <summary>The label's value: <c>active</c>, or whatever it was retired with.</summary>
    public string Label { get; }

    /// <summary>That value, but for a key that the label puts into use and the controller cannot use.</summary>
    public string State => IsRejected ? "rejected" : Label;

    /// <summary>Whether the controller uses it.</summary>
    public bool IsActive => IsLabelledActive && Problem is null;

    public bool IsRejected => IsLabelledActive && Problem is not null;

    public DateTimeOffset? Created { get; }

    public SealingCertificate? Certificate { get; }

    /// <summary>Of a sound key; <c>null</c> where the certificate may be another key's.</summary>
    public string? Fingerprint => Problem is null ? Certificate?.Fingerprint : null;

    /// <summary>Why the controller cannot use it; <c>null</c> for a sound one.</summary>
    public string? Problem { get; }

    private bool IsLabelledActive => Label == SealedSecretAnnotations.ActiveKey;

    /// <summary>The first private key of the item: the one that the controller takes.</summary>
    public string? PrivateKeyPem()
    {
        for (var rest = Item(KeyItem).AsSpan(); PemEncoding.TryFind(rest, out var field); rest = rest[field.Location.End..])
        {
            if (rest[field.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal)) return rest[field.Location].ToString();
        }
        return null;
    }

    public override string ToString() => $"sealing key {Name}";

    /// <summary>As the controller judges it, which would skip the key.</summary>
    private string? KeyProblem()
    {
        if (Item(KeyItem) is not { } pem) return $"has no {KeyItem}";
        if (!SealingPrivateKey.TryLoad(pem, out var key, out var failure)) return $"{KeyItem}: {failure.Message}";
        using (key)
        {
            return key.Fingerprint == Certificate!.Fingerprint ? null : $"{CertificateItem}: the certificate belongs to another private key";
        }
    }

    private string? Item(string name) =>
        (_secret["data"] as JsonObject).Text(name) is { } text && Base64Text.TryDecode(text, out var bytes, out _) ? Encoding.UTF8.GetString(bytes) : null;
}
