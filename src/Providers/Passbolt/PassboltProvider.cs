using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>Passbolt, whose login and whose values are OpenPGP messages for the user that reads (https://www.passbolt.com/docs/development/authentication/).</summary>
public sealed class PassboltProvider : IProvider
{
    public string Name => "passbolt";

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(PassboltRules.Root, store.Options, PassboltStoreJson.Default.PassboltStore, options => PassboltRules.Problems(store, options));
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var options = StoreOptions.Read(PassboltRules.Root, store.Options, PassboltStoreJson.Default.PassboltStore);
        return UnusedOptions.Authorities(PassboltRules.Root, options.CaBundle, options.CaProvider);
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(PassboltRules.Root, context.Store.Options, PassboltStoreJson.Default.PassboltStore, options => PassboltRules.Problems(context.Store, options));
        var authorities = await Authorities.ReadAsync(options.CaBundle, options.CaProvider, context.Cluster, cancellationToken).ConfigureAwait(false);
        var keys = await KeysAsync(options.Auth, context.Cluster, cancellationToken).ConfigureAwait(false);
        var http = context.Http.Create(new HttpSettings { Authorities = authorities, Retry = context.Retry, GuardAddresses = true });
        var client = new PassboltClient(http, new Uri(options.Host), new CallMeter(context.Calls, "Passbolt", context.Time), context.Time);
        var session = new PassboltSession(client, keys, context.Time);
        return new PassboltSource(session, keys, new PassboltMetadataKeys(session, keys));
    }

    private static async Task<PassboltKeys> KeysAsync(PassboltStore.AuthBlock auth, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        var password = await SelectedText.ReadBytesAsync(cluster, auth.PasswordSecretRef, null, cancellationToken).ConfigureAwait(false);
        var characters = Encoding.UTF8.GetChars(password);
        CryptographicOperations.ZeroMemory(password);
        var key = Array.Empty<byte>();
        try
        {
            key = await SelectedText.ReadBytesAsync(cluster, auth.PrivateKeySecretRef, null, cancellationToken).ConfigureAwait(false);
            return PassboltKeys.Parse(key, characters, $"{PassboltRules.Root}.auth");
        }
        finally
        {
            Array.Clear(characters);
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
