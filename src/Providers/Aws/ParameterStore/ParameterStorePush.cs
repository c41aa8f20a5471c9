using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>Writes to Parameter Store; touches only what is tagged as ours. A parameter is one value: properties mean nothing here, as in the original, and a push says so.</summary>
internal sealed class ParameterStorePush(ParameterClient parameters, string prefix)
{
    /// <exception cref="ProviderException">The parameter is somebody else's, the wishes make no sense, or AWS refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var wishes = PushMetadata<ParameterWishes>.Read(request.Metadata, AwsPushJson.Default.ParameterStore);
        Check(wishes);
        request.LeaveProperty();
        if (wishes.SecretType != ParameterWishes.Encrypted && !string.IsNullOrEmpty(wishes.KmsKeyID)) request.Leave("metadata.spec.kmsKeyID");
        var name = prefix + request.Place.Key;
        var wanted = AwsOwnership.Tags(wishes.Tags);
        using var answer = await parameters.GetAsync(name, cancellationToken).ConfigureAwait(false);
        var present = answer is null ? null : await parameters.TagsAsync(name, cancellationToken).ConfigureAwait(false) ?? [];
        if (present is not null && !AwsOwnership.IsOurs(present))
            throw new ProviderException(ProviderFailureKind.Conflict, $"parameter \"{name}\" not managed by external-secrets, so it is left alone");
        var old = answer is null ? null : ParameterClient.ValueOf(JsonMembers.Member(answer.Root, "Parameter"));
        var value = ValueOf(request, wishes);
        try
        {
            if (!Utf8.IsValid(value)) throw Invalid($"parameter \"{name}\": Parameter Store keeps text only, and the value is none");
            if (old is null || !CryptographicOperations.FixedTimeEquals(old, value)) await PutAsync(name, value, wishes, old is null ? wanted : null, cancellationToken).ConfigureAwait(false);
            // An equal value is not written again, and so its type stays.
            else if (JsonMembers.Text(JsonMembers.Member(answer!.Root, "Parameter"), "Type") is { } type && type != TypeOf(wishes)) request.Leave("metadata.spec.secretType");
            // Without tags of its own a push says nothing about those that are there: they may be somebody else's.
            if (present is not null && wishes.Tags is { Count: > 0 }) await TagAsync(name, present, wanted, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <exception cref="ProviderException">AWS refused.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var name = prefix + place.Key;
        using var answer = await parameters.GetAsync(name, cancellationToken).ConfigureAwait(false);
        if (answer is null || await parameters.TagsAsync(name, cancellationToken).ConfigureAwait(false) is not { } tags || !AwsOwnership.IsOurs(tags)) return;
        await parameters.DoAsync("DeleteParameter", json => json.WriteString("Name", name), cancellationToken, expected: AwsErrors.ParameterNotFound).ConfigureAwait(false);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var answer = await parameters.GetAsync(prefix + place.Key, cancellationToken).ConfigureAwait(false);
        return answer is not null;
    }

    private static void Check(ParameterWishes wishes)
    {
        if (wishes.SecretType is not (null or "" or ParameterWishes.Plain or ParameterWishes.Encrypted or ParameterWishes.List))
            throw Invalid($"metadata: secretType \"{wishes.SecretType}\" is neither String, SecureString nor StringList");
        if (wishes.Tier?.Type is not (null or "" or "Standard" or "Advanced" or "Intelligent-Tiering"))
            throw Invalid($"metadata: tier.type \"{wishes.Tier?.Type}\" is neither Standard, Advanced nor Intelligent-Tiering");
    }

    private static string TypeOf(ParameterWishes wishes) => string.IsNullOrEmpty(wishes.SecretType) ? ParameterWishes.Plain : wishes.SecretType;

    /// <summary>A whole Secret goes as it is in the cluster, its values in base64, unless the wishes say otherwise.</summary>
    private static byte[] ValueOf(PushRequest request, ParameterWishes wishes)
    {
        if (!string.IsNullOrEmpty(request.SecretKey) || wishes.EncodeAsDecoded == true) return PushedValue.Of(request);
        using var encoded = new SecretValues();
        foreach (var (key, value) in request.Source.Entries) encoded.Set(key, System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(value)));
        return PushedValue.Of(request with { Source = encoded });
    }

    private Task PutAsync(string name, byte[] value, ParameterWishes wishes, SortedDictionary<string, string>? tags, CancellationToken cancellationToken) => parameters.DoAsync(
        "PutParameter",
        json =>
        {
            json.WriteString("Name", name);
            json.WriteString("Value", value);
            json.WriteString("Type", TypeOf(wishes));
            if (wishes.SecretType == ParameterWishes.Encrypted) json.WriteString("KeyId", string.IsNullOrEmpty(wishes.KmsKeyID) ? ParameterWishes.DefaultKey : wishes.KmsKeyID);
            json.WriteIfSet("Tier", wishes.Tier?.Type);
            if (wishes.Tier?.Policies is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } policies)
                json.WriteString("Policies", policies.ValueKind == JsonValueKind.String ? policies.GetString() : policies.GetRawText());
            json.WriteIfSet("Description", wishes.Description);
            // AWS takes tags of a new parameter only.
            if (tags is null) json.WriteBoolean("Overwrite", true);
            else json.WriteTags("Tags", tags);
        },
        cancellationToken,
        carriesValue: true);

    private async Task TagAsync(string name, SortedDictionary<string, string> present, SortedDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        if (AwsOwnership.TooMany(present, wanted) is { Count: > 0 } gone)
        {
            await parameters.DoAsync("RemoveTagsFromResource", json => { ParameterClient.WriteResource(json, name); json.WriteStrings("TagKeys", gone); }, cancellationToken).ConfigureAwait(false);
        }
        if (AwsOwnership.Missing(present, wanted) is { Count: > 0 } added)
        {
            await parameters.DoAsync("AddTagsToResource", json => { ParameterClient.WriteResource(json, name); json.WriteTags("Tags", added); }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
