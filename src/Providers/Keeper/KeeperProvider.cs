using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>Keeper Secrets Manager, whose records are encrypted for the application that reads them.</summary>
/// <param name="surroundings">Where Keeper is.</param>
public sealed class KeeperProvider(KeeperSurroundings surroundings) : IProvider
{
    public KeeperProvider()
        : this(KeeperSurroundings.OfProcess())
    {
    }

    public string Name => "keepersecurity";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(KeeperRules.Root, store.Options, KeeperStoreJson.Default.KeeperStore, options => KeeperRules.Problems(store, options));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(KeeperRules.Root, context.Store.Options, KeeperStoreJson.Default.KeeperStore, options => KeeperRules.Problems(context.Store, options));
        var configuration = KeeperConfiguration.Parse(await SelectedText.ReadBytesAsync(context.Cluster, options.AuthRef, null, cancellationToken).ConfigureAwait(false));
        try
        {
            var server = ServerOf(surroundings.Host ?? configuration.Host);
            var http = context.Http.Create(new HttpSettings { Authorities = surroundings.Authorities, Retry = context.Retry, GuardAddresses = true });
            var client = new KeeperClient(http, server, configuration, surroundings.ServerKeys, new CallMeter(context.Calls, "KeeperSecurity", context.Time), context.Time);
            var vault = new KeeperVault(client);
            return new KeeperSource(client, vault, new KeeperPush(client, vault, options.FolderID), options.FolderID, options.GetByTitleFallback == true);
        }
        catch
        {
            configuration.Dispose();
            throw;
        }
    }

    /// <summary>A configuration names a host, with its port where that is another, and nothing more.</summary>
    private static Uri ServerOf(string host) => Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address) && address.AbsolutePath == "/" && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        ? address
        : throw new ProviderException(ProviderFailureKind.Invalid, $"{KeeperRules.Root}.authRef: the hostname of the configuration is none");
}
