using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Which keys of a store name an object that changed. A certificate is also a secret and a key of the same name. Names are the same in capitals. Pure.</summary>
internal static class KeyVaultChanges
{
    public static ChangedSecret? Recognize(AzureStore store, RemoteChange change)
    {
        if (change.Container is { } vault && !(Uri.TryCreate(store.VaultUrl, UriKind.Absolute, out var url) && url.Host.Split('.')[0].Equals(vault, StringComparison.OrdinalIgnoreCase))) return null;
        if (TryName(change.Key) is not { } named) return null;
        KeyVaultKind? kind = change.Part switch
        {
            null => named.Kind,
            nameof(KeyVaultKind.Certificate) => null,
            var part => Enum.TryParse<KeyVaultKind>(part, out var known) ? known : KeyVaultKind.Secret,
        };
        return new ChangedSecret(named.Name, key => TryName(key) is { } other && (kind ?? other.Kind) == other.Kind && other.Name.Equals(named.Name, StringComparison.OrdinalIgnoreCase));
    }

    private static KeyVaultName? TryName(string key)
    {
        try
        {
            return KeyVaultName.Of(key);
        }
        catch (ProviderException)
        {
            return null;
        }
    }
}
