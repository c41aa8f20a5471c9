using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>
/// Since version 5 what describes a resource (name, user, addresses) is encrypted too: for the user alone, or for a key that a team shares and that each member has, encrypted
/// for its own. Such keys are fetched when a first one is needed, and again when one is not among them.
/// </summary>
internal sealed class PassboltMetadataKeys(PassboltSession session, PassboltKeys own) : IDisposable
{
    private const string Shared = "shared_key";
    private readonly SemaphoreSlim turn = new(1, 1);
    private Dictionary<string, PassboltKeys> known = new(StringComparer.Ordinal);

    /// <param name="resource">As Passbolt gave it.</param>
    /// <returns>The key that its metadata is for.</returns>
    /// <exception cref="ProviderException">There is none for this user.</exception>
    public async Task<PassboltKeys> ForAsync(JsonElement resource, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(resource, "metadata_key_type") != Shared) return own;
        var id = JsonMembers.Text(resource, "metadata_key_id") ?? "";
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!known.ContainsKey(id)) known = await FetchAsync(cancellationToken).ConfigureAwait(false);
            return known.GetValueOrDefault(id) ?? throw new ProviderException(ProviderFailureKind.Denied, "the Passbolt user has not been given the metadata key of this resource");
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Dictionary<string, PassboltKeys>> FetchAsync(CancellationToken cancellationToken)
    {
        var login = await session.LoginAsync(cancellationToken).ConfigureAwait(false);
        using var answer = await session.GetAsync("/metadata/keys.json?contain%5Bmetadata_private_keys%5D=1", "GetMetadataKeys", cancellationToken).ConfigureAwait(false);
        var keys = new Dictionary<string, PassboltKeys>(StringComparer.Ordinal);
        if (answer.Body.ValueKind != JsonValueKind.Array) return keys;
        foreach (var key in answer.Body.EnumerateArray())
        {
            if (JsonMembers.Text(key, "id") is { } id && MessageFor(key, login.UserId) is { } message) keys[id] = Open(message);
        }

        return keys;
    }

    private static string? MessageFor(JsonElement key, string user)
    {
        if (JsonMembers.Member(key, "metadata_private_keys") is not { ValueKind: JsonValueKind.Array } halves) return null;
        return halves.EnumerateArray().Where(half => string.Equals(JsonMembers.Text(half, "user_id"), user, StringComparison.OrdinalIgnoreCase)).Select(half => JsonMembers.Text(half, "data")).FirstOrDefault();
    }

    /// <summary><c>{"object_type": "PASSBOLT_METADATA_PRIVATE_KEY", "armored_key": …, "passphrase": ""}</c></summary>
    private PassboltKeys Open(string message)
    {
        var text = own.Open(message, "a metadata key of Passbolt");
        byte[] key = [], passphrase = [];
        var characters = Array.Empty<char>();
        try
        {
            (key, passphrase) = (PassboltFields.Text(text, "armored_key"), PassboltFields.Text(text, "passphrase"));
            characters = Encoding.UTF8.GetChars(passphrase);
            return PassboltKeys.Parse(key, characters, "a metadata key of Passbolt");
        }
        finally
        {
            Array.Clear(characters);
            foreach (var bytes in (byte[][])[text, key, passphrase]) CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
