using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>
/// The KV secrets engine, versions 1 and 2 (https://developer.hashicorp.com/vault/api-docs/secret/kv): what a secret holds, what is said about
/// it, what lies in a folder.
/// </summary>
internal sealed class VaultKeyValues(VaultSession session, VaultPaths paths)
{
    private const int MostKeys = 50_000;
    private const int DeepestFolder = 64;

    public bool IsVersioned => paths.IsVersioned;

    /// <summary>The key of a name that <see cref="ListAsync"/> gave.</summary>
    public string KeyOf(string name) => paths.KeyOf(name);

    /// <returns>An answer and, in it, the secret's values; null when it, or the version asked for, is not there or was deleted. The caller's to dispose.</returns>
    public async Task<VaultRead?> ReadAsync(string key, string? version, CancellationToken cancellationToken) => (await ReadVersionAsync(key, version, cancellationToken).ConfigureAwait(false)).Read;

    /// <summary>The newest version, for whoever writes the next.</summary>
    /// <returns>As <see cref="ReadAsync"/>, and the number of the version, also of a deleted one: what check-and-set wants named. 0 where there is none yet, and for a KV version 1 engine.</returns>
    public Task<(VaultRead? Read, long Number)> ReadNewestAsync(string key, CancellationToken cancellationToken) => ReadVersionAsync(key, null, cancellationToken);

    /// <returns>What is said about a secret, its versions and custom metadata; null when it is not there. The caller's to dispose.</returns>
    public async Task<VaultRead?> ReadMetadataAsync(string key, CancellationToken cancellationToken)
    {
        if (!paths.IsVersioned) throw new ProviderException(ProviderFailureKind.Invalid, "a KV version 1 engine keeps no metadata");
        var answer = await session.SendAsync(new(HttpMethod.Get, paths.About(key), "ReadSecretMetadata"), cancellationToken).ConfigureAwait(false);
        if (answer.IsFound && answer.Data.ValueKind == JsonValueKind.Object) return new(answer, answer.Data);
        using (answer)
        {
            return answer.IsFound ? throw NoEngine(key) : null;
        }
    }

    /// <summary>The full names of all secrets below a folder, however deep, without the mount; null when there is no such folder.</summary>
    public async Task<IReadOnlyList<string>?> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var root = folder.Trim('/');
        return await ListIntoAsync(found, root.Length == 0 ? "" : root + "/", 0, cancellationToken).ConfigureAwait(false) ? found : null;
    }

    public Task WriteAsync(string key, byte[] body, CancellationToken cancellationToken) => SendWriteAsync(key, new(HttpMethod.Post, paths.Value(key), "WriteSecretData") { Body = body }, cancellationToken);

    public Task WriteMetadataAsync(string key, byte[] body, CancellationToken cancellationToken) => SendWriteAsync(key, new(HttpMethod.Post, paths.About(key), "WriteSecretMetadata") { Body = body }, cancellationToken);

    /// <summary>Removes a secret with all its versions; fine when it is gone.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        (await session.SendAsync(new(HttpMethod.Delete, paths.Value(key), "DeleteSecret"), cancellationToken).ConfigureAwait(false)).Dispose();
        if (paths.IsVersioned) (await session.SendAsync(new(HttpMethod.Delete, paths.About(key), "DeleteSecret"), cancellationToken).ConfigureAwait(false)).Dispose();
    }

    private async Task<(VaultRead? Read, long Number)> ReadVersionAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var query = version is null ? "" : "?version=" + Uri.EscapeDataString(version);
        var answer = await session.SendAsync(new(HttpMethod.Get, paths.Value(key) + query, "ReadSecretData"), cancellationToken).ConfigureAwait(false);
        var number = paths.IsVersioned && JsonMembers.Member(JsonMembers.Member(answer.Data, "metadata"), "version") is { ValueKind: JsonValueKind.Number } named && named.TryGetInt64(out var read) ? read : 0;
        if (answer.IsFound && ValuesIn(answer) is { ValueKind: JsonValueKind.Object } values) return (new(answer, values), number);
        using (answer)
        {
            // Only what the engine says itself counts as missing: that a Secret is deleted can hang on it.
            return !answer.IsFound || IsDeleted(answer) ? (null, number) : throw NoEngine(key);
        }
    }

    private async Task SendWriteAsync(string key, VaultCall call, CancellationToken cancellationToken)
    {
        using var answer = await session.SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (!answer.IsFound) throw NoEngine(key);
    }

    private JsonElement ValuesIn(VaultAnswer answer) => paths.IsVersioned ? JsonMembers.Member(answer.Data, "data") : answer.Data;

    /// <summary>A deleted version has metadata, and null in place of its values.</summary>
    private bool IsDeleted(VaultAnswer answer) =>
        paths.IsVersioned && answer.Data.ValueKind == JsonValueKind.Object && answer.Data.TryGetProperty("data", out var values) && values.ValueKind == JsonValueKind.Null;

    private ProviderException NoEngine(string key) => new(
        ProviderFailureKind.Invalid,
        $"Vault's answer for \"{key}\" is not one of a KV version {(paths.IsVersioned ? 2 : 1)} engine: are spec.provider.vault.server, path and version right?");

    private async Task<bool> ListIntoAsync(List<string> found, string prefix, int depth, CancellationToken cancellationToken)
    {
        if (depth > DeepestFolder) throw new ProviderException(ProviderFailureKind.Invalid, $"folders below \"{prefix}\" are nested more than {DeepestFolder} deep");
        using var answer = await session.SendAsync(new(HttpMethod.Get, paths.Folder(prefix) + "?list=true", "ListSecrets"), cancellationToken).ConfigureAwait(false);
        if (!answer.IsFound) return false;
        if (JsonMembers.Member(answer.Data, "keys") is not { ValueKind: JsonValueKind.Array } keys) throw NoEngine(prefix);
        foreach (var name in keys.EnumerateArray().Select(key => key.GetString()!))
        {
            if (name.EndsWith('/')) await ListIntoAsync(found, prefix + name, depth + 1, cancellationToken).ConfigureAwait(false);
            else found.Add(prefix + name);
            if (found.Count > MostKeys) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostKeys} secrets: narrow it with find.path");
        }
        return true;
    }
}
