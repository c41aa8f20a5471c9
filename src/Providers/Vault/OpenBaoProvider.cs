using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// OpenBao under its own name, which the original has as a store of its own: a part of the options of a Vault store, with a mount when none is named. Its API is
/// Vault's, so that is who does the work.
/// </summary>
public sealed class OpenBaoProvider : IRecognizeChange
{
    private const string Root = "spec.provider.openBao";
    private const string UsualMount = "kv";
    private readonly VaultProvider vault = new();

    public string Name => "openBao";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(Root, store.Options, VaultStoreJson.Default.VaultStore, options => Problems(store, options));
    }

    public ChangedSecret? Recognize(StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(store);
        return VaultChanges.Recognize(AsVault(StoreOptions.Read(Root, store.Options, VaultStoreJson.Default.VaultStore)), change);
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return VaultRules.Unused(StoreOptions.Read(Root, store.Options, VaultStoreJson.Default.VaultStore)).Select(path => path.Replace(VaultRules.Root, Root, StringComparison.Ordinal));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(Root, context.Store.Options, VaultStoreJson.Default.VaultStore, options => Problems(context.Store, options));
        return await vault.OpenAsync(context, AsVault(options), cancellationToken).ConfigureAwait(false);
    }

    private static VaultStore AsVault(VaultStore options) => string.IsNullOrEmpty(options.Path) ? options with { Path = UsualMount } : options;

    private static IEnumerable<string> Problems(StoreDescription store, VaultStore options)
    {
        foreach (var problem in VaultRules.Problems(store, options)) yield return problem.Replace(VaultRules.Root, Root, StringComparison.Ordinal);
        if (options.Auth is not { } auth) yield break;
        object?[] ways = [auth.AppRole, auth.TokenSecretRef, auth.UserPass];
        if (ways.Count(way => way is not null) != 1) yield return $"{Root}.auth: exactly one of appRole, tokenSecretRef and userPass must be set";
    }
}
