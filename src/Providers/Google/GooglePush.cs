using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Writes to Secret Manager. What we made says so (label <c>managed-by</c>), and nothing that does not is changed or deleted. A version is added only where the latest
/// holds something else. A secret whose labels or topics changed meanwhile, and one that is to be deleted and changed, is refused by its etag. Versions have nothing of the kind: of two who add
/// one at a time the later counts, so that the controller lets one push at a time to a key of a store; from others nothing guards but the label.
/// </summary>
/// <param name="client">Speaks to Secret Manager.</param>
/// <param name="isRegional">Regional secrets have no replication to choose.</param>
internal sealed class GooglePush(SecretManagerClient client, bool isRegional)
{
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";

    /// <exception cref="ProviderException">The secret is somebody else's, the metadata are not understood, or Google refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var key = request.Place.Key;
        var wishes = WishesOf(request);
        // What cannot be pushed makes no secret without a version.
        CryptographicOperations.ZeroMemory(PushedValue.Of(request));
        using var existing = await client.DescribeAsync(key, cancellationToken).ConfigureAwait(false);
        if (existing is null) (await client.CreateAsync(key, NewSecret(wishes), cancellationToken).ConfigureAwait(false)).Dispose();
        else await DescribeAsync(key, existing.Root, wishes, cancellationToken).ConfigureAwait(false);
        var (original, isLatest) = existing is null ? (null, false) : await client.AccessAnyAsync(key, cancellationToken).ConfigureAwait(false);
        byte[]? wanted = null;
        try
        {
            wanted = JsonEditing.Merged(original, request);
            // Who reads the latest version finds nothing where that is disabled, whatever an older one holds.
            if (!isLatest || !original.AsSpan().SequenceEqual(wanted)) await client.AddVersionAsync(key, wanted, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(original);
            CryptographicOperations.ZeroMemory(wanted);
        }
    }

    /// <summary>The secret, or one property of it; the secret with its last property.</summary>
    /// <exception cref="ProviderException">Google refused.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var existing = await client.DescribeAsync(place.Key, cancellationToken).ConfigureAwait(false);
        if (existing is null || !IsOurs(existing.Root)) return;
        if (!string.IsNullOrEmpty(place.Property) && await TakeOutAsync(place.Key, place.Property, cancellationToken).ConfigureAwait(false)) return;
        await client.DeleteAsync(place.Key, JsonMembers.Text(existing.Root, "etag"), cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Whether something is left, so that the secret stays.</returns>
    private async Task<bool> TakeOutAsync(string key, string property, CancellationToken cancellationToken)
    {
        var (original, _) = await client.AccessAnyAsync(key, cancellationToken).ConfigureAwait(false);
        if (original is null) return false;
        var rest = JsonEditing.Without(original, property);
        try
        {
            if (rest is not null && !original.AsSpan().SequenceEqual(rest)) await client.AddVersionAsync(key, rest, cancellationToken).ConfigureAwait(false);
            return rest is not null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(original);
            CryptographicOperations.ZeroMemory(rest);
        }
    }

    private static GoogleWishes WishesOf(PushRequest request)
    {
        var isGiven = request.Metadata is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
        if (isGiven && !string.IsNullOrEmpty(request.Place.Property)) throw Invalid("cannot specify metadata and property at the same time");
        var wishes = PushMetadata<GoogleWishes>.Read(request.Metadata, GoogleWishesJson.Default.Metadata);
        return wishes.MergePolicy is null or "" or GoogleWishes.Merge or GoogleWishes.Replace ? wishes : throw Invalid($"unexpected mergePolicy \"{wishes.MergePolicy}\"");
    }

    private JsonObject NewSecret(GoogleWishes wishes)
    {
        var labels = new SortedDictionary<string, string>(wishes.Labels ?? [], StringComparer.Ordinal) { [ManagedBy] = Us };
        var secret = new JsonObject { ["labels"] = Map(labels), ["annotations"] = Map(wishes.Annotations ?? []), ["topics"] = Topics(wishes.Topics ?? []) };
        // Regional secrets are where their server is.
        if (isRegional)
        {
            if (wishes.CmekKeyName is { Length: > 0 } regionalKey) secret["customerManagedEncryption"] = new JsonObject { ["kmsKeyName"] = regionalKey };
            return secret;
        }
        IReadOnlyList<string> locations = wishes.ReplicationLocations is { Count: > 0 } named ? named : wishes.ReplicationLocation is { Length: > 0 } one ? [one] : [];
        JsonObject? Encryption() => wishes.CmekKeyName is { Length: > 0 } kmsKey ? new JsonObject { ["kmsKeyName"] = kmsKey } : null;
        JsonObject WithEncryption(JsonObject where)
        {
            if (Encryption() is { } encryption) where["customerManagedEncryption"] = encryption;
            return where;
        }
        secret["replication"] = locations.Count == 0
            ? new JsonObject { ["automatic"] = WithEncryption([]) }
            : new JsonObject { ["userManaged"] = new JsonObject { ["replicas"] = new JsonArray([.. locations.Select(location => (JsonNode)WithEncryption(new JsonObject { ["location"] = location }))]) } };
        return secret;
    }

    /// <summary>Labels, annotations and topics as they are wished; with a property, as they are.</summary>
    private async Task DescribeAsync(string key, JsonElement existing, GoogleWishes wishes, CancellationToken cancellationToken)
    {
        if (!IsOurs(existing)) throw new ProviderException(ProviderFailureKind.Conflict, $"secret {key} is not managed by external secrets, so it is left alone");
        if (wishes == new GoogleWishes()) return;
        var labels = GoogleAnswer.Map(existing, "labels");
        var wanted = new SortedDictionary<string, string>(wishes.Labels ?? [], StringComparer.Ordinal);
        if (wishes.MergePolicy == GoogleWishes.Merge)
        {
            foreach (var (name, value) in labels) wanted.TryAdd(name, value);
        }
        wanted[ManagedBy] = Us;
        var annotations = GoogleAnswer.Map(existing, "annotations");
        var wantedAnnotations = new SortedDictionary<string, string>(wishes.Annotations ?? [], StringComparer.Ordinal);
        if (wishes.MergePolicy == GoogleWishes.Merge)
        {
            foreach (var (name, value) in annotations) wantedAnnotations.TryAdd(name, value);
        }
        var topics = JsonMembers.Member(existing, "topics") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(topic => JsonMembers.Text(topic, "name") ?? "").ToList() : [];
        var wantedTopics = wishes.Topics ?? [];
        if (labels.SequenceEqual(wanted) && annotations.SequenceEqual(wantedAnnotations) && topics.SequenceEqual(wantedTopics, StringComparer.Ordinal)) return;
        var secret = new JsonObject { ["labels"] = Map(wanted), ["annotations"] = Map(wantedAnnotations), ["topics"] = Topics(wantedTopics), ["etag"] = JsonMembers.Text(existing, "etag") };
        await client.UpdateAsync(key, secret, "labels,annotations,topics", cancellationToken).ConfigureAwait(false);
    }

    private static bool IsOurs(JsonElement secret) => GoogleAnswer.Map(secret, "labels").TryGetValue(ManagedBy, out var by) && by == Us;

    private static JsonObject Map(SortedDictionary<string, string> map)
    {
        var json = new JsonObject();
        foreach (var (name, value) in map) json[name] = value;
        return json;
    }

    private static JsonArray Topics(IReadOnlyList<string> topics) => new([.. topics.Select(topic => (JsonNode)new JsonObject { ["name"] = topic })]);

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
