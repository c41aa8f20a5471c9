using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>Which keys of a store name a secret that changed: those that lead to the same path of the API. Pure.</summary>
internal static class VaultChanges
{
    public static ChangedSecret? Recognize(VaultStore store, RemoteChange change)
    {
        if (change.Container is { } ns && ns.Trim('/') != (store.Namespace ?? "").Trim('/')) return null;
        var mount = string.IsNullOrEmpty(store.Path) ? null : store.Path.Trim('/');
        if (change.Part is { } changed && mount is not null && changed != mount) return null;
        var paths = VaultPaths.Of(store.Path, store.Version);
        var path = paths.Value(change.Part is not { } part ? change.Key : mount is not null ? paths.KeyOf(change.Key) : $"{part}/{(paths.IsVersioned ? "data/" : "")}{change.Key}");
        return new ChangedSecret(change.Part is null ? paths.Inner(change.Key) : change.Key, key => TryPath(paths, key) == path);
    }

    private static string? TryPath(VaultPaths paths, string key)
    {
        try
        {
            return paths.Value(key);
        }
        catch (ProviderException)
        {
            return null;
        }
    }
}
