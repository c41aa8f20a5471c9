using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Cloud.ru Secret Manager, over gRPC.</summary>
/// <param name="surroundings">Where Cloud.ru is.</param>
public sealed class CloudruProvider(CloudruSurroundings surroundings) : IProvider
{
    private const string Title = "Cloud.ru";

    public CloudruProvider()
        : this(CloudruSurroundings.OfProcess())
    {
    }

    public string Name => "cloudrusm";

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(CloudruRules.Root, store.Options, CloudruStoreJson.Default.CloudruStore, options => CloudruRules.Problems(store, options));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(CloudruRules.Root, context.Store.Options, CloudruStoreJson.Default.CloudruStore, options => CloudruRules.Problems(context.Store, options));
        var reference = options.Auth.SecretRef!;
        var id = await SelectedText.ReadAsync(context.Cluster, reference.AccessKeyIDSecretRef, null, cancellationToken).ConfigureAwait(false);
        var secret = await SelectedText.ReadBytesAsync(context.Cluster, reference.AccessKeySecretSecretRef, null, cancellationToken).ConfigureAwait(false);
        var http = context.Http.Create(new HttpSettings { Authorities = surroundings.Authorities, Retry = context.Retry, GuardAddresses = true });
        var meter = new CallMeter(context.Calls, Title, context.Time);
        var client = new GrpcClient(http, Title, meter, context.Time);
        var discovery = new CloudruDiscovery(http, surroundings, meter, context.Time);
        var key = new CloudruAccessKey(id, secret, client, discovery, context.Time);
        var session = new GrpcSession(client, key.LogInAsync, null, context.Time);
        return new CloudruSource(session, new CloudruClient(session, discovery, options.ProjectID!), discovery, key);
    }
}
