using System.Text.RegularExpressions;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Secret Manager of one project, with one identity.</summary>
internal sealed partial class GoogleSource(GoogleSession session, SecretManagerClient client, GooglePush push, GcpStore options) : IFind, IPush, IValidate
{
    private const int ReadsAtOnce = 4;
    private readonly bool fetchesNewest = options.SecretVersionSelectionPolicy == GcpStore.LatestOrFetch;

    public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.FetchMetadata)
        {
            using var about = await client.DescribeAsync(request.Key, cancellationToken).ConfigureAwait(false);
            return about is null ? null : new GoogleMetadata(request.Key, GoogleAnswer.Map(about.Root, "labels"), GoogleAnswer.Map(about.Root, "annotations"));
        }
        return await AccessAsync(request.Key, request.Version, cancellationToken).ConfigureAwait(false) is { } payload ? new GoogleSecret(request.Key, payload) : null;
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pattern = request.ParseName();
        var keys = new List<string>();
        await foreach (var (key, labels) in client.ListAsync(FilterOf(request), cancellationToken).ConfigureAwait(false))
        {
            // What Google's filter lets through is a little more than what was asked for: it looks for the path anywhere in the name.
            var matches = (pattern is null || pattern.IsMatch(key)) && (request.Path is null || key.StartsWith(request.Path, StringComparison.Ordinal));
            if (matches && request.Tags.All(tag => labels.TryGetValue(tag.Key, out var value) && value == tag.Value)) keys.Add(key);
        }
        // One may have been deleted since it was listed, or be without a version.
        return await SecretValues.CollectAsync(
            keys, ReadsAtOnce, async (key, stop) => await AccessAsync(key, null, stop).ConfigureAwait(false) is { } payload ? (key, payload) : null, cancellationToken).ConfigureAwait(false);
    }

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(place, cancellationToken);

    /// <summary>Whether there is a version that can be read, and the property in it.</summary>
    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (string.IsNullOrEmpty(place.Property)) return await client.NewestEnabledAsync(place.Key, cancellationToken).ConfigureAwait(false) is not null;
        if ((await client.AccessAnyAsync(place.Key, cancellationToken).ConfigureAwait(false)).Payload is not { } payload) return false;
        using var values = Json.JsonObjectText.Read(payload);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(payload);
        return values?.Contains(place.Property) == true;
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => session.TokenAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        session.Dispose();
        return default;
    }

    private Task<byte[]?> AccessAsync(string key, string? version, CancellationToken cancellationToken) => string.IsNullOrEmpty(version) && fetchesNewest
        ? client.AccessNewestAsync(key, cancellationToken)
        : client.AccessAsync(key, string.IsNullOrEmpty(version) ? SecretManagerClient.Latest : version, cancellationToken);

    private static string? FilterOf(FindRequest request)
    {
        var parts = request.Tags.Select(tag => LabelForm().IsMatch(tag.Key) && LabelForm().IsMatch(tag.Value)
            ? $"labels.{tag.Key}={tag.Value}"
            : throw new ProviderException(ProviderFailureKind.Invalid, $"find.tags: \"{tag.Key}\" with its value is no label of Google Cloud: lower case letters, digits, - and _ are")).ToList();
        if (request.Path is { Length: > 0 } path)
            parts.Add(PathForm().IsMatch(path) ? $"name:{path}" : throw new ProviderException(ProviderFailureKind.Invalid, "find.path is no beginning of a name in Secret Manager"));
        return parts.Count == 0 ? null : string.Join(' ', parts);
    }

    [GeneratedRegex(@"\A[\p{Ll}\p{Lo}\p{N}_-]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathForm();
}
