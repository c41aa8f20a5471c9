using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>A KV engine of one Vault server, with one identity.</summary>
internal sealed class VaultSource(VaultSession session, VaultKeyValues secrets, VaultPush push) : IFind, IPush, IValidate
{
    // Vault answers each read at once; more at a time would only hurry other tenants out of its rate quotas.
    private const int ReadsAtOnce = 4;

    public RemoteRequest RequestFor(RemoteReference reference) => RemoteRequest.Whole(reference);

    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.FetchMetadata) return await FetchMetadataAsync(request.Key, cancellationToken).ConfigureAwait(false);
        using var read = await secrets.ReadAsync(request.Key, request.Version, cancellationToken).ConfigureAwait(false);
        return read is null ? null : VaultSecret.Of(request.Key, read.Content);
    }

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        if (request.Tags.Count > 0 && !secrets.IsVersioned)
            throw new ProviderException(ProviderFailureKind.Invalid, "a KV version 1 engine cannot be searched by tags: it keeps no metadata");
        var names = await secrets.ListAsync(request.Path ?? "", cancellationToken).ConfigureAwait(false);
        if (names is null) return null;
        var pattern = request.ParseName();
        var matching = names.Where(name => pattern is null || pattern.IsMatch(name));
        return await SecretValues.CollectAsync(matching, ReadsAtOnce, (name, stop) => ReadAsync(name, request.Tags, stop), cancellationToken).ConfigureAwait(false);
    }

    public Task PushAsync(PushRequest request, CancellationToken cancellationToken) => push.PushAsync(request, cancellationToken);

    public Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken) => push.DeleteAsync(place, cancellationToken);

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var read = await secrets.ReadAsync(place.Key, null, cancellationToken).ConfigureAwait(false);
        return read is not null && (string.IsNullOrEmpty(place.Property) || read.Content.TryGetProperty(place.Property, out _));
    }

    public async Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken)
    {
        try
        {
            (await session.SendAsync(new(HttpMethod.Get, "auth/token/lookup-self", "LookupSelf"), cancellationToken).ConfigureAwait(false)).Dispose();
            return StoreValidity.Valid;
        }
        catch (ProviderException e)
        {
            return StoreValidity.Invalid(e.Message);
        }
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task<(string Key, byte[] Value)?> ReadAsync(string name, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var key = secrets.KeyOf(name);
        if (tags.Count > 0 && !await HasTagsAsync(key, tags, cancellationToken).ConfigureAwait(false)) return null;
        using var read = await secrets.ReadAsync(key, null, cancellationToken).ConfigureAwait(false);
        return read is null ? null : (name, VaultDocument.Json(read.Content)); // deleted since it was listed
    }

    private async Task<bool> HasTagsAsync(string key, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        using var read = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        if (read is null) return false;
        var custom = JsonMembers.Member(read.Content, "custom_metadata");
        return tags.All(tag => JsonMembers.Member(custom, tag.Key) is { ValueKind: JsonValueKind.String } value && value.ValueEquals(tag.Value));
    }

    // What the original offers of the metadata: the custom part, and three facts about the secret, all as strings.
    private async Task<RemoteSecret?> FetchMetadataAsync(string key, CancellationToken cancellationToken)
    {
        using var read = await secrets.ReadMetadataAsync(key, cancellationToken).ConfigureAwait(false);
        if (read is null) return null;
        var facts = new JsonObject();
        if (JsonMembers.Member(read.Content, "custom_metadata") is { ValueKind: JsonValueKind.Object } custom)
        {
            foreach (var member in custom.EnumerateObject()) facts[member.Name] = member.Value.ToString();
        }
        foreach (var name in (string[])["created_time", "current_version", "delete_version_after"])
        {
            if (JsonMembers.Member(read.Content, name) is { ValueKind: not JsonValueKind.Undefined } fact) facts[name] = fact.ToString();
        }
        using var document = JsonDocument.Parse(facts.ToJsonString());
        return VaultSecret.Of(key, document.RootElement);
    }
}
