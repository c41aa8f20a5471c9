using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>A secret: text.</summary>
internal sealed class KeyVaultSecretContent : IKeyVaultContent
{
    private readonly byte[] value;

    private KeyVaultSecretContent(byte[] value) => this.value = value;

    /// <param name="value">Taken over.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is no text.</exception>
    public static KeyVaultSecretContent Of(byte[] value)
    {
        if (Utf8.IsValid(value)) return new(value);
        CryptographicOperations.ZeroMemory(value);
        throw new ProviderException(ProviderFailureKind.Invalid, "the value is not UTF-8 text, and Key Vault keeps text only: push it encoded, by a template with b64enc");
    }

    public string Operation => "SetSecret";

    public bool IsIn(KeyVaultItem existing, KeyVaultWishes wishes)
        => existing.Value.AsSpan().SequenceEqual(value)
            && existing.Facts.Expires == wishes.Expires
            && (string.IsNullOrEmpty(wishes.ContentType) || existing.Facts.ContentType == wishes.ContentType);

    public async Task<object> WriteAsync(KeyVaultLibraries libraries, string name, KeyVaultWishes wishes, KeyVaultFacts? existing, CancellationToken cancellationToken)
    {
        // The library takes a string, which nobody can zero.
        var secret = new global::Azure.Security.KeyVault.Secrets.KeyVaultSecret(name, Encoding.UTF8.GetString(value));
        secret.Properties.Enabled = true;
        secret.Properties.ExpiresOn = wishes.Expires;
        // What nobody wishes otherwise stays as it is.
        secret.Properties.ContentType = string.IsNullOrEmpty(wishes.ContentType) ? existing?.ContentType : wishes.ContentType;
        foreach (var (tag, text) in wishes.AllTags) secret.Properties.Tags[tag] = text;
        var response = await libraries.Secrets.SetSecretAsync(secret, cancellationToken).ConfigureAwait(false);
        using var body = response.GetRawResponse();
        return response;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(value);
}
