using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>What Vault answered: JSON over a buffer that is zeroed on disposal. A 404 has a body too (a deleted version's metadata).</summary>
internal sealed class VaultAnswer : IDisposable
{
    private readonly byte[] bytes;
    private readonly JsonDocument? document;

    private VaultAnswer(byte[] bytes, JsonDocument? document, bool isFound) => (this.bytes, this.document, IsFound) = (bytes, document, isFound);

    public bool IsFound { get; }

    /// <summary>The body; undefined where there was none.</summary>
    public JsonElement Root => document?.RootElement ?? default;

    /// <summary>The <c>data</c> of the body; undefined where it is absent or null.</summary>
    public JsonElement Data => JsonMembers.Member(Root, "data");

    /// <summary>
    /// Whether a 404 is Vault's word that something is missing: no errors at all, or a version whose values are gone. A gateway's, and Vault's own of a path that no engine serves, says nothing
    /// of the secret: that a Secret is deleted can hang on it.
    /// </summary>
    public bool SaysMissing => JsonMembers.Member(Root, "errors") is { ValueKind: JsonValueKind.Array } errors
        ? errors.GetArrayLength() == 0
        : Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty("data", out var values) && values.ValueKind == JsonValueKind.Null && JsonMembers.Member(Data, "metadata").ValueKind == JsonValueKind.Object;

    /// <param name="bytes">The body; taken over.</param>
    /// <param name="isFound">False for a 404.</param>
    /// <exception cref="ProviderException">A body that is not JSON, from something that is not Vault.</exception>
    public static VaultAnswer Of(byte[] bytes, bool isFound)
    {
        try
        {
            return new(bytes, bytes.Length == 0 ? null : JsonDocument.Parse(bytes), isFound);
        }
        catch (JsonException)
        {
            CryptographicOperations.ZeroMemory(bytes);
            throw new ProviderException(ProviderFailureKind.Invalid, "the Vault server answered with something that is not JSON: is spec.provider.vault.server right?");
        }
    }

    public void Dispose()
    {
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
    }
}
