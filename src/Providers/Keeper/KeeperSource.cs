using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>The records that are shared with one application.</summary>
internal sealed class KeeperSource(KeeperClient client, KeeperVault vault, KeeperPush push, string folder, bool byTitle) : IBatchFetch, IFind, IPush, IValidate
{
    public int BatchSize => 50;

    /// <summary>With the property, since a file is downloaded only when somebody wants it. Records have no versions.</summary>
    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, null, false, string.IsNullOrEmpty(reference.Property) ? null : reference.Property);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var outcomes = await FetchManyAsync([request], cancellationToken).ConfigureAwait(false);
        return outcomes[request].Failure is { } failure ? throw failure : outcomes[request].Secret;
    }

    /// <summary>One call for all, and one more for those that are named by their titles.</summary>
    public async Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> FetchManyAsync(IReadOnlyCollection<RemoteRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var outcomes = requests.Where(IsUnnamed).ToDictionary(request => request, _ => FetchOutcome.Failed(new ProviderException(ProviderFailureKind.Invalid, "a record of Keeper is named by its id")));
        requests = [.. requests.Where(request => !IsUnnamed(request))];
        // No ids at all would mean all of them.
        if (requests.Count == 0) return outcomes;
        using var named = await vault.GetAsync(requests.Select(request => request.Key).Distinct(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        var titled = byTitle && requests.Any(request => ById(named, request.Key) is null && !named.Closed.ContainsKey(request.Key)) ? await vault.GetAsync(null, cancellationToken).ConfigureAwait(false) : null;
        using (titled)
        {
            foreach (var request in requests)
            {
                try
                {
                    outcomes[request] = FetchOutcome.Of(await OpenAsync(ById(named, request.Key) ?? ByTitle(titled, request.Key) ?? throw Missing(named, titled, request.Key), request, cancellationToken).ConfigureAwait(false));
                }
                catch (ProviderException failure)
                {
                    outcomes[request] = FetchOutcome.Failed(failure);
                }
            }

            return outcomes;
        }
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Path is not null || request.Tags.Count > 0) throw new ProviderException(ProviderFailureKind.Invalid, "Keeper is searched by find.name only");
        var pattern = request.ParseName() ?? throw new ProviderException(ProviderFailureKind.Invalid, "missing: find.name.regexp");
        using var share = await vault.GetAsync(null, cancellationToken).ConfigureAwait(false);
        share.ThrowIfClosed();
        return await SecretValues.CollectAsync(async found =>
        {
            foreach (var record in share.Records.Where(record => pattern.IsMatch(record.Title)))
            {
                using var secret = await OpenAsync(record, new RemoteRequest(record.Uid, null, false), cancellationToken).ConfigureAwait(false);
                found.Set(record.Title, secret.Value(null)!);
            }
        }).ConfigureAwait(false);
    }

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(place, cancellationToken);

    public Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken) => push.ExistsAsync(place, cancellationToken);

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(async () => (await vault.GetFolderAsync(folder, cancellationToken).ConfigureAwait(false)).Dispose());

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    private static bool IsUnnamed(RemoteRequest request) => string.IsNullOrWhiteSpace(request.Key);

    private static ProviderException Missing(KeeperShare named, KeeperShare? titled, string key)
    {
        if (named.Closed.TryGetValue(key, out var failure)) return failure;
        titled?.ThrowIfClosed();
        return new ProviderException(ProviderFailureKind.Invalid, $"no record {key} is shared with the store's Keeper application");
    }

    private static KeeperRecord? ById(KeeperShare share, string id) => share.Records.FirstOrDefault(record => record.Uid == id);

    private static KeeperRecord? ByTitle(KeeperShare? share, string title)
    {
        var records = share?.Records.Where(record => record.Title == title).DistinctBy(record => record.Uid).Take(2).ToList() ?? [];
        return records.Count > 1 ? throw new ProviderException(ProviderFailureKind.Invalid, $"more than one record of Keeper has the title {title}") : records.FirstOrDefault();
    }

    private async Task<KeeperSecret> OpenAsync(KeeperRecord record, RemoteRequest request, CancellationToken cancellationToken)
    {
        if (KeeperFields.Doubled(record) is [_, ..] doubled) throw new ProviderException(ProviderFailureKind.Invalid, $"record {request.Key} has several fields or files of one name: {string.Join(", ", doubled)}");
        var files = new SecretValues();
        try
        {
            foreach (var file in record.Files.Where(file => IsWanted(record, file, request.Property))) files.Set(file.Title, await DownloadAsync(file, request.Key, cancellationToken).ConfigureAwait(false));
            return new KeeperSecret(request.Key, [.. record.Json], files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static bool IsWanted(KeeperRecord record, KeeperFile file, string? property)
    {
        if (property is null) return true;
        if (file.Title != property) return false;
        var field = KeeperFields.Find(record.Json, property);
        CryptographicOperations.ZeroMemory(field);
        return field is null;
    }

    private async Task<byte[]> DownloadAsync(KeeperFile file, string key, CancellationToken cancellationToken)
    {
        var box = await client.DownloadAsync(file.Url ?? "", file.Title, cancellationToken).ConfigureAwait(false);
        return KeeperCipher.Open(box, file.Key) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"file \"{file.Title}\" of record {key} cannot be decrypted");
    }
}
