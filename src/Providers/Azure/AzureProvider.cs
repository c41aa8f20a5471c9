using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Azure Key Vault: secrets, certificates and keys.</summary>
public sealed class AzureProvider : IRecognizeChange
{
    /// <summary>The original's label of calls.</summary>
    internal const string Label = "Azure/KeyVault";

    public string Name => "azurekv";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    internal AzureSurroundings Surroundings { get; init; } = AzureSurroundings.OfProcess;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(AzureRules.Root, store.Options, AzureStoreJson.Default.AzureStore, options => AzureRules.Problems(store, options));
    }

    public ChangedSecret? Recognize(StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(store);
        return KeyVaultChanges.Recognize(StoreOptions.Read(AzureRules.Root, store.Options, AzureStoreJson.Default.AzureStore), change);
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return AzureRules.Unused(StoreOptions.Read(AzureRules.Root, store.Options, AzureStoreJson.Default.AzureStore));
    }

    public Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(AzureRules.Root, context.Store.Options, AzureStoreJson.Default.AzureStore, options => AzureRules.Problems(context.Store, options));
        var vault = AzureCloud.HttpsAddress(options.VaultUrl)!;
        var cloud = AzureCloud.Of(options.EnvironmentType, options.CustomCloudConfig).LoggingInAt(Surroundings.Value(AzureSurroundings.AuthorityHost));
        var meter = new CallMeter(context.Calls, Label, context.Time);
        var credential = new AzureLogins(context.Cluster, context.Http, Surroundings, meter, context.Time).Choose(AzureIdentity.Of(options), cloud, context.Retry, vault.Host);
        // A vault outside the cloud's domain, such as a managed HSM, says itself what a token for it is for.
        var resource = cloud.VaultResource is { } known && AzureCloud.IsWithin(vault.Host, known) ? known : null;
        var client = new KeyVaultClient(context.Http.Create(new HttpSettings { Retry = context.Retry, GuardAddresses = true }), vault, credential, resource, meter, context.Time);
        return Task.FromResult<ISecretSource>(new AzureSource(client, new KeyVaultPush(client)));
    }
}
