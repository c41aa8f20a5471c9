using System.Text.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>A value on its way into a vault, as one of its kinds of objects.</summary>
internal interface IKeyVaultContent : IDisposable
{
    /// <summary>How it is written.</summary>
    KeyVaultCall Call(KeyVaultName name, byte[] body);

    /// <summary>Whether what is there holds it already, with what else is wished for.</summary>
    bool IsIn(JsonElement existing, KeyVaultWishes wishes);

    /// <summary>The members of the body, but for tags.</summary>
    void Write(Utf8JsonWriter writer, KeyVaultWishes wishes, JsonElement existing);
}
