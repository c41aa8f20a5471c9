namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>Sprig's struct of a certificate and its key, both PEM, reached as <c>.Cert</c> and <c>.Key</c>.</summary>
public sealed class GoCertificate(GoString certificate, GoString key) : GoValue
{
    public GoString Certificate => certificate;

    public GoString Key => key;

    public override GoType Type => GoType.Certificate;

    public override bool IsTrue => true;
}
