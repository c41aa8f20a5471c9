namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>What a credential plugin gave; each part may be absent.</summary>
internal sealed record ExecCredential(string? Token, string? CertificatePem, string? KeyPem)
{
    public override string ToString() => nameof(ExecCredential);
}
