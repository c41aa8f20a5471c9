using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// Writes to a KV engine. What we wrote says so (<c>managed-by</c>, in version 2's custom metadata or in version 1's secret itself), and nothing
/// that does not is overwritten or deleted. A property goes into what was read of the secret, so version 2 is told which version that was, and refuses where somebody
/// else has written another: then it is read again.
/// </summary>
/// <param name="checksAndSets">Whether whole secrets name the version that they replace too.</param>
internal sealed class VaultPush(VaultKeyValues secrets, bool checksAndSets)
{
    private const int MostAttempts = 5;
    private const string CustomMetadata = "custom_metadata";
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";

    /// <exception cref="ProviderException">The secret is somebody else's, the value cannot be kept, or Vault refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        request.LeaveMetadata();
        await RepeatAsync(request.Place.Key, () => TryPushAsync(request, cancellationToken)).ConfigureAwait(false);
    }

    /// <exception cref="ProviderException">Vault refused.</exception>
    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => RepeatAsync(place.Key, () => TryDeleteAsync(place, cancellationToken));

    /// <param name="tryAsync">False where somebody else wrote in between, so that what was read must be read anew.</param>
    private static async Task RepeatAsync(string key, Func<Task<bool>> tryAsync)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await tryAsync().ConfigureAwait(false)) return;
        }
        throw new ProviderException(ProviderFailureKind.Conflict, $"secret \"{key}\" in Vault was written by others {MostAttempts} times while it was to be changed");
    }

    private async Task<bool> TryPushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var key = request.Place.Key;
        var (existing, version) = await secrets.ReadNewestAsync(key, cancellationToken).ConfigureAwait(false);
        using (existing)
        {
            if (existing is not null && !await IsOursAsync(key, existing, cancellationToken).ConfigureAwait(false))
                throw new ProviderException(ProviderFailureKind.Conflict, $"secret \"{key}\" in Vault is not managed by external-secrets, so it is left alone");
            var values = Merged(existing, request);
            if (!secrets.IsVersioned) values[CustomMetadata] = Ours();
            if (existing is not null && JsonNode.DeepEquals(JsonTree.Copy(existing.Content), values)) return true;
            return await WriteAsync(key, values, version, isMerged: !string.IsNullOrEmpty(request.Place.Property), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryDeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var (existing, version) = await secrets.ReadNewestAsync(place.Key, cancellationToken).ConfigureAwait(false);
        using (existing)
        {
            if (existing is null || !await IsOursAsync(place.Key, existing, cancellationToken).ConfigureAwait(false)) return true;
            var rest = string.IsNullOrEmpty(place.Property) ? [] : ObjectOf(existing.Content);
            rest.Remove(place.Property ?? "");
            if (rest.Any(member => member.Key != CustomMetadata))
                return !existing.Content.TryGetProperty(place.Property!, out _) || await WriteAsync(place.Key, rest, version, isMerged: true, cancellationToken).ConfigureAwait(false);
            // Vault removes whatever is there; so what others wrote meanwhile is found out by a write first.
            if (!string.IsNullOrEmpty(place.Property) && secrets.IsVersioned && !await WriteAsync(place.Key, rest, version, isMerged: true, cancellationToken).ConfigureAwait(false)) return false;
            await secrets.DeleteAsync(place.Key, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <param name="version">That of what was read, which the write replaces.</param>
    /// <param name="isMerged">Whether there are values in it that were read, so that it may replace nothing else.</param>
    /// <returns>False where another version is there by now.</returns>
    private async Task<bool> WriteAsync(string key, JsonObject values, long version, bool isMerged, CancellationToken cancellationToken)
    {
        if (!secrets.IsVersioned)
        {
            await secrets.WriteAsync(key, Bytes(values), cancellationToken).ConfigureAwait(false);
            return true;
        }
        if (!await MarkAsync(key, version, cancellationToken).ConfigureAwait(false)) return false;
        var body = new JsonObject { ["data"] = values };
        if (checksAndSets || isMerged) body["options"] = new JsonObject { ["cas"] = version };
        try
        {
            await secrets.WriteAsync(key, Bytes(body), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ProviderException refusal) when (isMerged && refusal.Kind == ProviderFailureKind.Invalid)
        {
            // Vault has one status for this and for much else: that another version is there is the proof.
            var (read, newest) = await secrets.ReadNewestAsync(key, cancellationToken).ConfigureAwait(false);
            read?.Dispose();
            if (newest == version) throw;
            return false;
        }
    }

    // Marked before it is written: a value of ours without the mark could never be changed again. What somebody else wrote since it was looked at gets no mark.
    private async Task<bool> MarkAsync(string key, long version, CancellationToken cancellationToken)
    {
        using var metadata = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        var custom = metadata is null ? default : JsonMembers.Member(metadata.Content, CustomMetadata);
        if (IsOurs(custom)) return true;
        if (metadata is not null && JsonMembers.Member(metadata.Content, "current_version") is { ValueKind: JsonValueKind.Number } current && current.GetInt64() != version) return false;
        var marked = custom.ValueKind == JsonValueKind.Object ? ObjectOf(custom) : [];
        marked[ManagedBy] = Us;
        await secrets.WriteMetadataAsync(key, Bytes(new JsonObject { [CustomMetadata] = marked }), cancellationToken).ConfigureAwait(false);
        if (custom.ValueKind == JsonValueKind.Undefined) await CheckMarkAsync(key, isNew: metadata is null, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // Vault before 1.9 drops custom metadata without a word.
    private async Task CheckMarkAsync(string key, bool isNew, CancellationToken cancellationToken)
    {
        using var metadata = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        if (metadata is not null && IsOurs(JsonMembers.Member(metadata.Content, CustomMetadata))) return;
        if (isNew && metadata is not null) await secrets.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        throw new ProviderException(ProviderFailureKind.Invalid, $"secret \"{key}\" was not written: this Vault keeps no custom metadata (it is older than 1.9), so a secret cannot be marked as managed by external-secrets; use a KV engine of version 1");
    }

    private async Task<bool> IsOursAsync(string key, VaultRead existing, CancellationToken cancellationToken)
    {
        if (!secrets.IsVersioned) return IsOurs(JsonMembers.Member(existing.Content, CustomMetadata));
        using var metadata = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        return metadata is not null && IsOurs(JsonMembers.Member(metadata.Content, CustomMetadata));
    }

    private static bool IsOurs(JsonElement custom) => JsonMembers.Member(custom, ManagedBy) is { ValueKind: JsonValueKind.String } by && by.ValueEquals(Us);

    private static JsonObject Ours() => new() { [ManagedBy] = Us };

    private static JsonObject Merged(VaultRead? existing, PushRequest request)
    {
        if (request.Place.Property is { Length: > 0 } property)
        {
            var values = existing is null ? [] : ObjectOf(existing.Content);
            var value = PushedValue.Of(request);
            request.GarbleUnlessText(value);
            values[property] = Encoding.UTF8.GetString(value);
            CryptographicOperations.ZeroMemory(value);
            return values;
        }
        return PushedValue.KeysAndValues(request)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"secret key \"{request.SecretKey}\" does not hold a JSON object; Vault keeps keys and values, so name a remoteRef.property for it");
    }

    private static JsonObject ObjectOf(JsonElement element) => (JsonObject)JsonTree.Copy(element)!;

    private static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value, VaultJson.Default.JsonObject);
}
