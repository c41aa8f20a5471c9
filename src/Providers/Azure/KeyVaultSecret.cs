using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>The value of a secret, the DER of a certificate, or the public half of a key as JSON (JWK).</summary>
internal sealed class KeyVaultSecret : RemoteSecret
{
    // In the order in which the original writes them.
    private static readonly string[] KeyMembers = ["kid", "kty", "key_ops", "n", "e", "d", "dp", "dq", "qi", "p", "q", "k", "key_hsm", "crv", "x", "y"];
    private readonly KeyVaultName name;
    private readonly JsonSecret content;

    private KeyVaultSecret(KeyVaultName name, JsonSecret content) => (this.name, this.content) = (name, content);

    public override long Size => content.Size;

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it holds nothing of its kind.</exception>
    public static KeyVaultSecret Of(string key, KeyVaultName name, JsonElement item) => new(name, new JsonSecret(key, Bytes(name, item), PropertyOrder.PathFirst));

    // A certificate has no properties: the original gives all of it, whatever is asked for.
    public override byte[]? Value(string? property) => content.Value(name.Kind == KeyVaultKind.Certificate ? null : property);

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        return name.Kind == KeyVaultKind.Secret ? content.Values(property) : throw NoMap(name);
    }

    public override string ToString() => content.ToString();

    /// <summary>The value of a secret, as the vault has it; the caller's to zero.</summary>
    public static byte[] SecretValue(JsonElement item) => KeyVaultText.Bytes(JsonMembers.Member(item, "value")) ?? throw KeyVaultAnswer.NoVault();

    public static ProviderException NoMap(KeyVaultName name) => new(ProviderFailureKind.Invalid, $"{name.Noun} {name.Name} has no keys and values: dataFrom takes secrets only, so name it in data");

    protected override void Dispose(bool disposing) => content.Dispose();

    private static byte[] Bytes(KeyVaultName name, JsonElement item) => name.Kind switch
    {
        KeyVaultKind.Certificate => JsonMembers.Member(item, "cer") is { ValueKind: JsonValueKind.String } cer && cer.TryGetBytesFromBase64(out var der) ? der : throw KeyVaultAnswer.NoVault(),
        KeyVaultKind.Key => JsonMembers.Member(item, "key") is { ValueKind: JsonValueKind.Object } key ? JsonWebKey(key) : throw KeyVaultAnswer.NoVault(),
        _ => SecretValue(item),
    };

    private static byte[] JsonWebKey(JsonElement key) => KeyVaultText.Object(writer =>
    {
        foreach (var name in KeyMembers)
        {
            if (JsonMembers.Member(key, name) is not { ValueKind: not JsonValueKind.Undefined } member) continue;
            writer.WritePropertyName(name);
            member.WriteTo(writer);
        }
    });
}
