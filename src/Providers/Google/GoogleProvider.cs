using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Google Cloud Secret Manager, over its REST API (docs/design/0027-google.md).</summary>
/// <param name="surroundings">Where Google and the controller's own credentials are.</param>
public sealed class GoogleProvider(GoogleSurroundings surroundings) : IRecognizeChange
{
    public GoogleProvider()
        : this(GoogleSurroundings.OfProcess())
    {
    }

    public string Name => "gcpsm";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(GoogleRules.Root, store.Options, GcpStoreJson.Default.GcpStore, options => GoogleRules.Problems(store, options));
    }

    public ChangedSecret? Recognize(StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(store);
        return SecretChanges.Recognize(StoreOptions.Read(GoogleRules.Root, store.Options, GcpStoreJson.Default.GcpStore), change);
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return GoogleRules.Unused(StoreOptions.Read(GoogleRules.Root, store.Options, GcpStoreJson.Default.GcpStore));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(GoogleRules.Root, context.Store.Options, GcpStoreJson.Default.GcpStore, options => GoogleRules.Problems(context.Store, options));
        var http = GoogleConnection.Open(context.Http, surroundings, options.Auth, new CallMeter(context.Calls, "GCP/SecretManager", context.Time), context.Time);
        try
        {
            var logins = new GoogleLogins(context.Store, context.Cluster, http, surroundings, context.Time);
            var names = new SecretNames(await ProjectAsync(options, logins, cancellationToken).ConfigureAwait(false), string.IsNullOrEmpty(options.Location) ? null : options.Location);
            var session = new GoogleSession(http, await logins.ChooseAsync(options.Auth, cancellationToken).ConfigureAwait(false), context.Time);
            var client = new SecretManagerClient(session, surroundings, names);
            return new GoogleSource(session, client, new GooglePush(client, names.Location is not null), options);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    private static async Task<string> ProjectAsync(GcpStore options, GoogleLogins logins, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(options.ProjectID)) return options.ProjectID;
        if (options.Auth?.WorkloadIdentity?.ClusterProjectID is { Length: > 0 } cluster && SecretNames.IsProject(cluster)) return cluster;
        if (options.Auth?.SecretRef is not null) throw new ProviderException(ProviderFailureKind.Invalid, "unable to find ProjectID in storeSpec: spec.provider.gcpsm.projectID is required with auth.secretRef");
        var project = await logins.Metadata.ProjectAsync(cancellationToken).ConfigureAwait(false);
        return SecretNames.IsProject(project) ? project : throw new ProviderException(ProviderFailureKind.Invalid, "the metadata server names no project: set spec.provider.gcpsm.projectID");
    }
}
