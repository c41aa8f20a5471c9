using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>Cloud.ru Secret Manager of one project, with one identity.</summary>
internal sealed class CloudruSource(GrpcSession session, CloudruClient client, CloudruDiscovery discovery, CloudruAccessKey key) : IFind, IValidate
{
    private const int ReadsAtOnce = 4;

    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, reference.Version, false);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await client.AccessAsync(request.Key, request.Version, cancellationToken).ConfigureAwait(false) is { } value ? new JsonSecret(request.Key, value, PropertyOrder.Path) : null;
    }

    /// <summary>The service searches; the values are found under their paths.</summary>
    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is { Name: null, Path: null, Tags.Count: 0 }) throw new ProviderException(ProviderFailureKind.Invalid, "at least one of the following fields must be set: tags, name, path");
        var listed = await client.SearchAsync(request, cancellationToken).ConfigureAwait(false);
        return await SecretValues.CollectAsync(
            listed, ReadsAtOnce,
            async (secret, stop) => await client.AccessAsync(secret.Id, null, stop).ConfigureAwait(false) is { } value ? (secret.Path, value) : null,
            cancellationToken).ConfigureAwait(false);
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => session.TokenAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        session.Dispose();
        discovery.Dispose();
        key.Dispose();
        return default;
    }
}
