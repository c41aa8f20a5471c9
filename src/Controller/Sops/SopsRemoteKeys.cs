using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.SopsKeys;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// Services that keep keys, asked with a tenant's rights or with the controller's. Those with the controller's own identity live as long as it does, so
/// that logins are shared; those whose credentials a Secret holds live for one pass, so that a changed credential counts at once.
/// </summary>
internal sealed class SopsRemoteKeys : ICallObserver, IDisposable
{
    private readonly IProviderHttp http;
    private readonly Metrics metrics;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly TimeProvider time;
    private readonly Dictionary<string, KeyServiceSource> own;

    public SopsRemoteKeys(IProviderHttp http, Metrics metrics, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        this.http = http;
        this.metrics = metrics;
        this.environment = environment;
        this.time = time;
        own = KeyServiceCatalog.All.ToDictionary(kind => kind.Name, kind => Source(kind, OfController(new Dictionary<string, string>())), StringComparer.Ordinal);
    }

    /// <summary>
    /// Takes the items that are credentials out of a Secret, so that the rest is keys. Credentials begin as <c>sops.asc</c> does, the name that Flux's guide
    /// gives to an OpenPGP key: the end of a name says that it is a key.
    /// </summary>
    public static Dictionary<string, string> TakeCredentials(Secret secret)
    {
        var credentials = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, content) in secret.Data?.Where(item => IsCredential(item.Key)).ToList() ?? [])
        {
            credentials[name] = Encoding.UTF8.GetString(content ?? []);
            CryptographicOperations.ZeroMemory(content);
            secret.Data!.Remove(name);
        }
        return credentials;
    }

    private static bool IsCredential(string item) =>
        item.StartsWith(KeyServiceCatalog.ItemPrefix, StringComparison.Ordinal)
        && !item.EndsWith(".asc", StringComparison.Ordinal) && !item.EndsWith(".agekey", StringComparison.Ordinal);

    public static IEnumerable<string> Unknown(IReadOnlyDictionary<string, string> credentials) =>
        credentials.Keys.Where(item => !KeyServiceCatalog.All.Any(kind => item.StartsWith(kind.Item, StringComparison.Ordinal)));

    /// <summary>Services for which a tenant's Secret has credentials; the caller's to dispose.</summary>
    public IReadOnlyList<KeyServiceSource> OfTenant(IReadOnlyDictionary<string, string> credentials) =>
        [.. Named(credentials).Select(kind => Source(kind, new KeyServiceCredentials { Items = credentials, Variables = Settings(), TrustsAddresses = true }))];

    /// <summary>All services: those for which there are credentials in a Secret of the controller are the caller's to dispose, the others are shared.</summary>
    public (IReadOnlyList<KeyServiceSource> Shared, IReadOnlyList<KeyServiceSource> Own) OfCluster(IReadOnlyDictionary<string, string> credentials)
    {
        var named = Named(credentials).ToList();
        return ([.. own.Where(service => named.TrueForAll(kind => kind.Name != service.Key)).Select(service => service.Value)], [.. named.Select(kind => Source(kind, OfController(credentials)))]);
    }

    public void Called(string provider, string operation, bool succeeded, TimeSpan duration) => metrics.KeyServiceCalls.WithLabels(provider, operation, succeeded ? "success" : "error").Inc();

    public void Dispose()
    {
        foreach (var service in own.Values) service.Dispose();
    }

    private static IEnumerable<KeyServiceKind> Named(IReadOnlyDictionary<string, string> credentials) => KeyServiceCatalog.All.Where(kind => credentials.ContainsKey(kind.Item));

    /// <summary>Of the controller's variables those that are no credential: whom to trust.</summary>
    private Dictionary<string, string> Settings() => environment.Where(variable => KeyServiceCatalog.Settings.Contains(variable.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);

    private KeyServiceCredentials OfController(IReadOnlyDictionary<string, string> items) => new() { Items = items, Variables = environment, MayUseSurroundings = true };

    private KeyServiceSource Source(KeyServiceKind kind, KeyServiceCredentials credentials) => kind.Source(() => new KeyServiceContext(credentials, http, this, time));
}
