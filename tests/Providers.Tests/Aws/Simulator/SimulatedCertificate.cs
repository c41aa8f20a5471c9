using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>A certificate of Certificate Manager.</summary>
internal sealed class SimulatedCertificate(string arn)
{
    public string Arn => arn;

    /// <summary>PEM.</summary>
    public string Leaf { get; set; } = "";

    /// <summary>PEM; null when it came without one.</summary>
    public string? Chain { get; set; }

    public AsymmetricAlgorithm? Key { get; set; }

    public string Serial { get; set; } = Guid.NewGuid().ToString();

    public bool MayBeExported { get; set; }

    public bool IsInUse { get; set; }

    /// <summary>Whether a search by tags does not tell of it yet.</summary>
    public bool IsNotFoundYet { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public JsonObject Export(ReadOnlySpan<byte> passphrase) => new()
    {
        ["Certificate"] = Leaf,
        ["CertificateChain"] = Chain,
        ["PrivateKey"] = PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Key!.ExportEncryptedPkcs8PrivateKey(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048))) + "\n",
    };
}
