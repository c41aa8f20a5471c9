using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>Objects of one kind, as far as the store's whitelist lets them be read.</summary>
/// <param name="storeNamespace">Null for a cluster store, which reads those of all namespaces.</param>
internal sealed class CrdSource(CrdClient client, CrdAllowance allowance, string? storeNamespace) : IFind, IValidate
{
    // Who may read one property and not another must not get the answer that was fetched for that one.
    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, null, FetchMetadata: false, allowance.LooksAtProperties ? reference.Property : null);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var resource = await client.ResourceAsync(cancellationToken).ConfigureAwait(false);
        var key = CrdKey.Of(request.Key, storeNamespace, resource.IsNamespaced);
        // Before the server is asked, so that nobody learns whether what he may not read is there.
        if (!allowance.Allows(key, request.Property)) throw new ProviderException(ProviderFailureKind.Denied, $"request for \"{request.Key}\" denied by whitelist rules");
        return await client.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } body ? new CrdSecret(request.Key, body) : null;
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pattern = request.ParseName();
        var resource = await client.ResourceAsync(cancellationToken).ConfigureAwait(false);
        return await SecretValues.CollectAsync(found => client.ListAsync(storeNamespace, request.Tags, (key, body) =>
        {
            var name = storeNamespace is null && resource.IsNamespaced ? $"{key.Namespace}/{key.Name}" : key.Name;
            if ((pattern is null || pattern.IsMatch(name)) && allowance.Allows(key, null)) found.Set(name, body);
            else CryptographicOperations.ZeroMemory(body);
        }, cancellationToken)).ConfigureAwait(false);
    }

    public IEnumerable<string> Unused(FindRequest request) => request.UnusedPath;

    public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.MayReadAsync(storeNamespace, cancellationToken).ConfigureAwait(false)
                ? StoreValidity.Valid
                : StoreValidity.Invalid("client is not allowed to get objects of this kind");
        }
        catch (ProviderException failure)
        {
            return StoreValidity.Invalid(failure.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }
}
