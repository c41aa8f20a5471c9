using global::Azure.Security.KeyVault.Secrets;
using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>One vault, with one identity.</summary>
internal sealed class AzureSource(KeyVaultClient client, KeyVaultPush push) : IFind, IPush, IValidate
{
    // A vault answers a few thousand reads in ten seconds, for everybody who uses it.
    private const int ReadsAtOnce = 4;
    private const int MostNames = 50_000;

    public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

    /// <summary>A certificate is taken whole.</summary>
    public IEnumerable<string> Unused(RemoteReference reference) =>
        reference is { Property: not null, FetchMetadata: false } && KeyVaultName.Of(reference.Key).Kind == KeyVaultKind.Certificate ? ["property"] : [];

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var name = KeyVaultName.Of(request.Key);
        var item = await client.ReadAsync(name, request.Version, cancellationToken).ConfigureAwait(false);
        if (item is null) return null;
        if (!request.FetchMetadata) return KeyVaultSecret.Of(request.Key, name, item.Value);
        using (item) return KeyVaultMetadata.Of(name, item.Facts);
    }

    /// <summary>The list has names and tags, so only what matches is fetched.</summary>
    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        var pattern = request.ParseName();
        var names = new List<KeyVaultName>();
        await client.ListSecretsAsync(item => Choose(names, item, pattern, request.Tags), cancellationToken).ConfigureAwait(false);
        return await SecretValues.CollectAsync(names, ReadsAtOnce, ReadAsync, cancellationToken).ConfigureAwait(false);
    }

    public IEnumerable<string> Unused(FindRequest request) => request.UnusedPath;

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(KeyVaultName.Of(place.Key), cancellationToken);

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var item = await client.ReadAsync(KeyVaultName.Of(place.Key), null, cancellationToken).ConfigureAwait(false);
        return item is not null;
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => client.LogInAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    private static void Choose(List<KeyVaultName> names, SecretProperties item, Re2? pattern, IReadOnlyDictionary<string, string> tags)
    {
        var name = item.Name ?? throw KeyVaultClient.NoVault();
        if (item.Enabled == false || (pattern is not null && !pattern.IsMatch(name)) || !KeyVaultFacts.Of(item).Has(tags)) return;
        if (names.Count == MostNames) throw new ProviderException(ProviderFailureKind.Invalid, $"more than {MostNames} secrets match: narrow the search by name or tags");
        names.Add(KeyVaultName.Of(name));
    }

    private async Task<(string Key, byte[] Value)?> ReadAsync(KeyVaultName name, CancellationToken cancellationToken)
    {
        var item = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false);
        return item is null ? null : (name.Name, item.Value); // null: deleted since it was listed
    }
}
