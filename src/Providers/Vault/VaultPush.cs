using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// Writes to a KV engine. What we wrote says so (<c>managed-by</c>, in version 2's custom metadata or in version 1's secret itself), and nothing
/// that does not is overwritten or deleted.
/// </summary>
internal sealed class VaultPush(VaultKeyValues secrets, bool checksAndSets)
{
    private const string CustomMetadata = "custom_metadata";
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";

    /// <exception cref="ProviderException">The secret is somebody else's, the value cannot be kept, or Vault refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var key = request.Place.Key;
        using var existing = await secrets.ReadAsync(key, null, cancellationToken).ConfigureAwait(false);
        if (existing is not null && !await IsOursAsync(key, existing, cancellationToken).ConfigureAwait(false))
            throw new ProviderException(ProviderFailureKind.Conflict, $"secret \"{key}\" in Vault is not managed by external-secrets, so it is left alone");
        request.LeaveMetadata();
        var values = Merged(existing, request);
        if (!secrets.IsVersioned) values[CustomMetadata] = Ours();
        if (existing is not null && JsonNode.DeepEquals(JsonSerializer.SerializeToNode(existing.Content, VaultJson.Default.JsonElement), values)) return;
        await WriteAsync(key, values, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ProviderException">Vault refused.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var existing = await secrets.ReadAsync(place.Key, null, cancellationToken).ConfigureAwait(false);
        if (existing is null || !await IsOursAsync(place.Key, existing, cancellationToken).ConfigureAwait(false)) return;
        var rest = string.IsNullOrEmpty(place.Property) ? [] : ObjectOf(existing.Content);
        rest.Remove(place.Property ?? "");
        if (rest.All(member => member.Key == CustomMetadata)) await secrets.DeleteAsync(place.Key, cancellationToken).ConfigureAwait(false);
        else if (existing.Content.TryGetProperty(place.Property!, out _)) await WriteAsync(place.Key, rest, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(string key, JsonObject values, CancellationToken cancellationToken)
    {
        if (!secrets.IsVersioned)
        {
            await secrets.WriteAsync(key, Bytes(values), cancellationToken).ConfigureAwait(false);
            return;
        }
        var current = await MarkAsync(key, cancellationToken).ConfigureAwait(false);
        var body = new JsonObject { ["data"] = values };
        if (checksAndSets) body["options"] = new JsonObject { ["cas"] = current };
        await secrets.WriteAsync(key, Bytes(body), cancellationToken).ConfigureAwait(false);
    }

    // Marked before it is written: a value of ours without the mark could never be changed again. Returns the version that the write replaces:
    // 0 for a new secret, but that of the last version for a deleted one.
    private async Task<long> MarkAsync(string key, CancellationToken cancellationToken)
    {
        using var metadata = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        var custom = metadata is null ? default : JsonMembers.Member(metadata.Content, CustomMetadata);
        if (!IsOurs(custom))
        {
            var marked = custom.ValueKind == JsonValueKind.Object ? ObjectOf(custom) : [];
            marked[ManagedBy] = Us;
            await secrets.WriteMetadataAsync(key, Bytes(new JsonObject { [CustomMetadata] = marked }), cancellationToken).ConfigureAwait(false);
            if (custom.ValueKind == JsonValueKind.Undefined) await CheckMarkAsync(key, isNew: metadata is null, cancellationToken).ConfigureAwait(false);
        }
        return metadata is not null && JsonMembers.Member(metadata.Content, "current_version") is { ValueKind: JsonValueKind.Number } version ? version.GetInt64() : 0;
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
            values[property] = Encoding.UTF8.GetString(PushedValue.Of(request));
            return values;
        }
        return PushedValue.KeysAndValues(request)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"secret key \"{request.SecretKey}\" does not hold a JSON object; Vault keeps keys and values, so name a remoteRef.property for it");
    }

    private static JsonObject ObjectOf(JsonElement element) => JsonObject.Create(element.Clone())!;

    private static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value, VaultJson.Default.JsonObject);
}
