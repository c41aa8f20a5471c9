using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>The resources that one user of Passbolt may read.</summary>
internal sealed partial class PassboltSource(PassboltSession session, PassboltKeys keys, PassboltMetadataKeys metadataKeys) : IFind, IValidate
{
    private const int ReadsAtOnce = 4;
    private const string TheSecret = "the secret of a Passbolt resource";
    private const string TheMetadata = "the metadata of a Passbolt resource";

    public RemoteRequest RequestFor(RemoteReference reference) => new(reference.Key, null, false);

    /// <summary>A resource that is not there is a failure, as in the original: one that the user may not see is told the same.</summary>
    public async Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new JsonSecret(request.Key, await ReadAsync(request.Key, cancellationToken).ConfigureAwait(false), PropertyOrder.ExactNameFirst);
    }

    /// <summary>By names; only the secrets of those that match are asked for. (The original reads all of them.)</summary>
    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Path is not null || request.Tags.Count > 0) throw new ProviderException(ProviderFailureKind.Invalid, "Passbolt is searched by find.name only");
        var pattern = request.ParseName() ?? throw new ProviderException(ProviderFailureKind.Invalid, "missing: find.name.regexp");
        var ids = new List<string>();
        using (var answer = await session.GetAsync("/resources.json", "GetResources", cancellationToken).ConfigureAwait(false))
        {
            if (answer.Body.ValueKind != JsonValueKind.Array) throw Foreign("resources");
            foreach (var resource in answer.Body.EnumerateArray())
            {
                if (JsonMembers.Text(resource, "id") is { } id && pattern.IsMatch(await NameAsync(resource, cancellationToken).ConfigureAwait(false))) ids.Add(id);
            }
        }

        return await SecretValues.CollectAsync(ids, ReadsAtOnce, async (id, stop) => (id, await ReadAsync(id, stop).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
    }

    public Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken) => StoreValidity.OfAsync(() => session.LoginAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync().ConfigureAwait(false);
        metadataKeys.Dispose();
    }

    private async Task<byte[]> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!IdForm().IsMatch(id)) throw new ProviderException(ProviderFailureKind.Invalid, $"\"{id}\" is no id of a Passbolt resource, which is a UUID");
        using var answer = await session.GetAsync($"/resources/{id}.json?contain%5Bsecret%5D=1&contain%5Bresource-type%5D=1", "GetResource", cancellationToken).ConfigureAwait(false);
        var resource = answer.Body;
        if (JsonMembers.Member(resource, "secrets") is not { ValueKind: JsonValueKind.Array } secrets || secrets.EnumerateArray().Select(secret => JsonMembers.Text(secret, "data")).FirstOrDefault() is not { } message)
            throw Foreign("secret");
        byte[] about = [], secret = [];
        try
        {
            about = await AboutAsync(resource, cancellationToken).ConfigureAwait(false);
            secret = keys.Open(message, TheSecret);
            return PassboltFields.Json(about, secret, PassboltFields.IsPassword(resource));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(about);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async Task<string> NameAsync(JsonElement resource, CancellationToken cancellationToken)
    {
        var about = await AboutAsync(resource, cancellationToken).ConfigureAwait(false);
        try
        {
            return Encoding.UTF8.GetString(PassboltFields.Text(about, "name"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(about);
        }
    }

    /// <summary>What describes a resource, as JSON: the resource itself before version 5, a message since.</summary>
    private async Task<byte[]> AboutAsync(JsonElement resource, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(resource, "metadata") is not { Length: > 0 } message) return Encoding.UTF8.GetBytes(resource.GetRawText());
        var key = await metadataKeys.ForAsync(resource, cancellationToken).ConfigureAwait(false);
        return key.Open(message, TheMetadata);
    }

    private static ProviderException Foreign(string what) => new(ProviderFailureKind.Invalid, $"the answer in the place of Passbolt's has no {what}");

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}
