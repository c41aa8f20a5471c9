using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>What Vault answered: JSON over a buffer that is zeroed on disposal. A 404 may have a body (a deleted version's metadata).</summary>
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
