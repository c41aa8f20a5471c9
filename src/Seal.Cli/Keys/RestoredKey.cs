using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Keys;

/// <summary>A key out of a backup.</summary>
internal sealed record RestoredKey(string Name, string State, byte[] PrivateKeyPem, string CertificatePem, SealingCertificate Certificate)
{
    public string Fingerprint => Certificate.Fingerprint;

    public override string ToString() => $"sealing key {Name}";
}
