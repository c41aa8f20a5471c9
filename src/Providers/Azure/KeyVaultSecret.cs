using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>The value of a secret, the DER of a certificate, or the public half of a key as JSON (JWK).</summary>
internal sealed class KeyVaultSecret : RemoteSecret
{
    private readonly KeyVaultName name;
    private readonly JsonSecret content;

    private KeyVaultSecret(KeyVaultName name, JsonSecret content) => (this.name, this.content) = (name, content);

    public override long Size => content.Size;

    /// <param name="value">Taken over.</param>
    public static KeyVaultSecret Of(string key, KeyVaultName name, byte[] value) => new(name, new JsonSecret(key, value, PropertyOrder.PathFirst));

    // A certificate has no properties: the original gives all of it, whatever is asked for.
    public override byte[]? Value(string? property) => content.Value(name.Kind == KeyVaultKind.Certificate ? null : property);

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        return name.Kind == KeyVaultKind.Secret ? content.Values(property) : throw NoMap(name);
    }

    public override string ToString() => content.ToString();

    public static ProviderException NoMap(KeyVaultName name) => new(ProviderFailureKind.Invalid, $"{name.Noun} {name.Name} has no keys and values: dataFrom takes secrets only, so name it in data");

    protected override void Dispose(bool disposing) => content.Dispose();
}
