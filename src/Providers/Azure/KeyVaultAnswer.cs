using System.Security.Cryptography;
using System.Text.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a vault answered: JSON over a buffer that is zeroed on disposal.</summary>
internal sealed class KeyVaultAnswer : IDisposable
{
    private readonly byte[] bytes;
    private readonly JsonDocument? document;

    private KeyVaultAnswer(byte[] bytes, JsonDocument? document, KeyVaultState state) => (this.bytes, this.document, State) = (bytes, document, state);

    public KeyVaultState State { get; }

    public bool IsFound => State == KeyVaultState.Found;

    /// <summary>The body; undefined unless something was found.</summary>
    public JsonElement Root => document?.RootElement ?? default;

    public static KeyVaultAnswer None(KeyVaultState state) => new([], null, state);

    /// <param name="bytes">The body; taken over.</param>
    /// <exception cref="ProviderException">A body that is no JSON object, from something that is no vault.</exception>
    public static KeyVaultAnswer Of(byte[] bytes)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(bytes, document, KeyVaultState.Found);
        }
        catch (JsonException)
        {
            // Told below.
        }
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
        throw NoVault();
    }

    public static ProviderException NoVault() => new(ProviderFailureKind.Invalid, "the answer is not one of Azure Key Vault: is spec.provider.azurekv.vaultUrl right?");

    public void Dispose()
    {
        document?.Dispose();
        CryptographicOperations.ZeroMemory(bytes);
    }
}
