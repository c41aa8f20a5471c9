using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using GitOpsSecrets.Providers.Json;

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

    public KeyVaultCall Call(KeyVaultName name, byte[] body) => new(HttpMethod.Put, name.Path(), "SetSecret") { Body = body };

    public bool IsIn(JsonElement existing, KeyVaultWishes wishes)
        => KeyVaultText.Equal(JsonMembers.Member(existing, "value"), value)
            && KeyVaultFacts.Expires(existing) == wishes.Expires
            && (string.IsNullOrEmpty(wishes.ContentType) || JsonMembers.Text(existing, "contentType") == wishes.ContentType);

    public void Write(Utf8JsonWriter writer, KeyVaultWishes wishes, JsonElement existing)
    {
        writer.WriteString("value", value);
        // What nobody wishes otherwise stays as it is.
        if ((string.IsNullOrEmpty(wishes.ContentType) ? JsonMembers.Text(existing, "contentType") : wishes.ContentType) is { } contentType) writer.WriteString("contentType", contentType);
        writer.WriteStartObject("attributes");
        writer.WriteBoolean("enabled", true);
        if (wishes.Expires is { } end) writer.WriteNumber("exp", end);
        writer.WriteEndObject();
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(value);
}
