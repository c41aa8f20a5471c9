namespace GitOpsSecrets.Providers.Declared;

/// <summary>A secret of which one property is meant where a reference names none.</summary>
/// <param name="secret">Taken over.</param>
internal sealed class DefaultedSecret(RemoteSecret secret, string property) : RemoteSecret
{
    public override long Size => secret.Size;

    public override byte[]? Value(string? wanted) => secret.Value(string.IsNullOrEmpty(wanted) ? property : wanted);

    public override SecretValues? Values(string? wanted) => secret.Values(wanted);

    public override string? ToString() => secret.ToString();

    protected override void Dispose(bool disposing) => secret.Dispose();
}
