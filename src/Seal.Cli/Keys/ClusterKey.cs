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

    public ClusterKey(JsonObject secret)
    {
        _secret = secret;
        var metadata = secret["metadata"] as JsonObject;
        Name = metadata.Text("name") ?? "";
        State = (metadata?["labels"] as JsonObject).Text(SealedSecretAnnotations.SealingKeyLabel) ?? "";
        Created = DateTimeOffset.TryParse(metadata.Text("creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, out var created) ? created : null;
        CertificatePem = Item(CertificateItem);
        if (CertificatePem is null) Problem = $"has no {CertificateItem}";
        else if (SealingCertificate.TryLoad(CertificatePem, out var certificate, out var failure)) Certificate = certificate;
        else Problem = $"{CertificateItem}: {failure.Message}";
    }

    public string Name { get; }

    /// <summary>The label's value: <c>active</c>, or whatever it was retired with.</summary>
    public string State { get; }

    public bool IsActive => State == SealedSecretAnnotations.ActiveKey;

    public DateTimeOffset? Created { get; }

    public string? CertificatePem { get; }

    public SealingCertificate? Certificate { get; }

    /// <summary>Why the controller cannot use it; <c>null</c> for a sound one.</summary>
    public string? Problem { get; }

    public string? PrivateKeyPem() => Item(KeyItem);

    public override string ToString() => $"sealing key {Name}";

    private string? Item(string name) =>
        (_secret["data"] as JsonObject).Text(name) is { } text && Base64Text.TryDecode(text, out var bytes, out _) ? Encoding.UTF8.GetString(bytes) : null;
}
