using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.SecretsManager;

/// <summary>Writes to Secrets Manager; touches only what is tagged as ours.</summary>
internal sealed class SecretsManagerPush(SecretsManagerClient secrets, IStoreCluster cluster, string prefix, AwsStore.SecretsManagerSettings deletion)
{
    /// <exception cref="ProviderException">The secret is somebody else's, the wishes make no sense, or AWS refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var wishes = PushMetadata<SecretsManagerWishes>.Read(request.Metadata, AwsPushJson.Default.SecretsManager);
        if (wishes.SecretPushFormat is not (null or "" or SecretsManagerWishes.Binary or SecretsManagerWishes.Text)) throw Invalid($"metadata: secretPushFormat \"{wishes.SecretPushFormat}\" is neither binary nor string");
        var policy = await PolicyAsync(wishes.ResourcePolicy, cancellationToken).ConfigureAwait(false);
        var id = prefix + request.Place.Key;
        var tags = AwsOwnership.Tags(wishes.Tags);
        using var described = await secrets.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
        if (described is null)
        {
            await CreateAsync(id, request, wishes, tags, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var present = SecretsManagerClient.TagsOf(described.Root);
            if (!AwsOwnership.IsOurs(present)) throw new ProviderException(ProviderFailureKind.Conflict, $"secret \"{id}\" not managed by external-secrets, so it is left alone");
            if (SecretsManagerClient.IsBeingDeleted(described.Root)) await secrets.DoAsync("RestoreSecret", json => json.WriteString("SecretId", id), cancellationToken).ConfigureAwait(false);
            LeaveFixed(described.Root, request, wishes);
            await UpdateAsync(id, request, wishes, cancellationToken).ConfigureAwait(false);
            // Without tags of its own a push says nothing about those that are there: they may be somebody else's.
            if (wishes.Tags is { Count: > 0 }) await TagAsync(id, present, tags, cancellationToken).ConfigureAwait(false);
            await ReplicateAsync(id, described.Root, wishes, cancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(policy)) await UnprotectAsync(id, cancellationToken).ConfigureAwait(false);
        }
        if (!string.IsNullOrEmpty(policy)) await ProtectAsync(id, policy, wishes.ResourcePolicy!.BlockPublicPolicy, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A property goes out of the secret; the last one, or none, takes the whole secret along.</summary>
    /// <exception cref="ProviderException">AWS refused.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var id = prefix + place.Key;
        using var described = await secrets.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
        if (described is null || SecretsManagerClient.IsBeingDeleted(described.Root) || !AwsOwnership.IsOurs(SecretsManagerClient.TagsOf(described.Root))) return;
        if (!string.IsNullOrEmpty(place.Property) && await TakeOutAsync(id, place.Property, cancellationToken).ConfigureAwait(false)) return;
        if (Replicas(described.Root) is { Count: > 0 } replicas) await RemoveReplicasAsync(id, replicas, cancellationToken).ConfigureAwait(false);
        await secrets.DoAsync(
            "DeleteSecret",
            json =>
            {
                json.WriteString("SecretId", id);
                if (deletion.ForceDeleteWithoutRecovery == true) json.WriteBoolean("ForceDeleteWithoutRecovery", true);
                else if (deletion.RecoveryWindowInDays is > 0 and var days) json.WriteNumber("RecoveryWindowInDays", days);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        using var answer = await secrets.GetAsync(prefix + place.Key, null, cancellationToken).ConfigureAwait(false);
        if (answer is null) return false;
        if (string.IsNullOrEmpty(place.Property)) return true;
        using var value = new JsonSecret(place.Key, SecretsManagerClient.ValueOf(answer.Root), PropertyOrder.DottedNameFirst, MissingProperty.MissingSecret);
        var found = value.Value(place.Property);
        CryptographicOperations.ZeroMemory(found);
        return found is not null;
    }

    /// <summary>
    /// What counts when a secret is made, as in the original: its role need not be allowed to change it, and readers may have no right to another key. A key has
    /// several names, so that one under another name is told though it may be the same.
    /// </summary>
    private static void LeaveFixed(JsonElement described, PushRequest request, SecretsManagerWishes wishes)
    {
        if (!string.IsNullOrEmpty(wishes.Description) && wishes.Description != JsonMembers.Text(described, "Description")) request.Leave("metadata.spec.description");
        var key = JsonMembers.Text(described, "KmsKeyId") ?? SecretsManagerWishes.DefaultKey;
        if (!string.IsNullOrEmpty(wishes.KmsKeyId) && wishes.KmsKeyId != key && !key.EndsWith(':' + wishes.KmsKeyId, StringComparison.Ordinal) && !key.EndsWith(":key/" + wishes.KmsKeyId, StringComparison.Ordinal))
            request.Leave("metadata.spec.kmsKeyId");
    }

    private async Task CreateAsync(string id, PushRequest request, SecretsManagerWishes wishes, SortedDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var value = JsonEditing.Merged(null, request);
        var key = string.IsNullOrEmpty(wishes.KmsKeyId) ? SecretsManagerWishes.DefaultKey : wishes.KmsKeyId;
        try
        {
            await secrets.DoAsync(
                "CreateSecret",
                json =>
                {
                    json.WriteString("Name", id);
                    json.WriteString("ClientRequestToken", Guid.NewGuid());
                    json.WriteIfSet("Description", wishes.Description);
                    json.WriteString("KmsKeyId", key);
                    WriteValue(json, value, wishes);
                    json.WriteTags("Tags", tags);
                    if (wishes.ReplicationLocations is { Count: > 0 } regions) WriteRegions(json, regions, key);
                },
                cancellationToken,
                carriesValue: true).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    private async Task UpdateAsync(string id, PushRequest request, SecretsManagerWishes wishes, CancellationToken cancellationToken)
    {
        using var answer = await secrets.GetAsync(id, null, cancellationToken).ConfigureAwait(false);
        var old = answer is null ? null : SecretsManagerClient.ValueOf(answer.Root);
        var value = JsonEditing.Merged(old, request);
        try
        {
            if (old is not null && CryptographicOperations.FixedTimeEquals(old, value)) return;
            await secrets.DoAsync(
                "PutSecretValue",
                json =>
                {
                    json.WriteString("SecretId", id);
                    json.WriteString("ClientRequestToken", Guid.NewGuid());
                    WriteValue(json, value, wishes);
                },
                cancellationToken,
                carriesValue: true).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <returns>Whether something is left, so that the secret stays.</returns>
    private async Task<bool> TakeOutAsync(string id, string property, CancellationToken cancellationToken)
    {
        using var answer = await secrets.GetAsync(id, null, cancellationToken).ConfigureAwait(false);
        if (answer is null) return true;
        var old = SecretsManagerClient.ValueOf(answer.Root);
        var rest = JsonEditing.Without(old, property);
        try
        {
            if (rest is null) return false;
            if (old.AsSpan().SequenceEqual(rest)) return true;
            var wishes = new SecretsManagerWishes { SecretPushFormat = JsonMembers.Member(answer.Root, "SecretBinary").ValueKind == JsonValueKind.String ? SecretsManagerWishes.Binary : SecretsManagerWishes.Text };
            await secrets.DoAsync(
                "PutSecretValue",
                json =>
                {
                    json.WriteString("SecretId", id);
                    json.WriteString("ClientRequestToken", Guid.NewGuid());
                    WriteValue(json, rest, wishes);
                },
                cancellationToken,
                carriesValue: true).ConfigureAwait(false);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(rest);
        }
    }

    private async Task TagAsync(string id, SortedDictionary<string, string> present, SortedDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        if (AwsOwnership.TooMany(present, wanted) is { Count: > 0 } gone)
        {
            await secrets.DoAsync("UntagResource", json => { json.WriteString("SecretId", id); json.WriteStrings("TagKeys", gone); }, cancellationToken).ConfigureAwait(false);
        }
        if (AwsOwnership.Missing(present, wanted) is { Count: > 0 } added)
        {
            await secrets.DoAsync("TagResource", json => { json.WriteString("SecretId", id); json.WriteTags("Tags", added); }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReplicateAsync(string id, JsonElement described, SecretsManagerWishes wishes, CancellationToken cancellationToken)
    {
        if (wishes.ReplicationLocations is not { } wanted) return;
        var present = Replicas(described);
        if (present.Except(wanted, StringComparer.Ordinal).ToList() is { Count: > 0 } gone) await RemoveReplicasAsync(id, gone, cancellationToken).ConfigureAwait(false);
        if (wanted.Except(present, StringComparer.Ordinal).ToList() is { Count: > 0 } added)
        {
            await secrets.DoAsync("ReplicateSecretToRegions", json => { json.WriteString("SecretId", id); WriteRegions(json, added, JsonMembers.Text(described, "KmsKeyId")); }, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task RemoveReplicasAsync(string id, IEnumerable<string> regions, CancellationToken cancellationToken) =>
        secrets.DoAsync("RemoveRegionsFromReplication", json => { json.WriteString("SecretId", id); json.WriteStrings("RemoveReplicaRegions", regions); }, cancellationToken);

    private async Task<string?> PolicyAsync(SecretsManagerWishes.PolicyBlock? block, CancellationToken cancellationToken)
    {
        if (block is null) return null;
        if (block.PolicySourceRef is not { } source) throw Invalid("metadata: resourcePolicy needs policySourceRef");
        if (string.IsNullOrEmpty(source.Name) || string.IsNullOrEmpty(source.Key)) throw Invalid("metadata: resourcePolicy.policySourceRef needs name and key");
        return source.Kind switch
        {
            "ConfigMap" => await cluster.ReadConfigMapKeyAsync(null, source.Name, source.Key, cancellationToken).ConfigureAwait(false),
            "Secret" => Encoding.UTF8.GetString(await cluster.ReadSecretKeyAsync(null, source.Name, source.Key, cancellationToken).ConfigureAwait(false)),
            _ => throw Invalid($"metadata: resourcePolicy.policySourceRef.kind \"{source.Kind}\" is neither ConfigMap nor Secret"),
        };
    }

    private async Task ProtectAsync(string id, string policy, bool? blocksPublic, CancellationToken cancellationToken)
    {
        if (JsonEditing.AreEqual(await secrets.PolicyAsync(id, cancellationToken).ConfigureAwait(false), policy)) return;
        await secrets.DoAsync(
            "PutResourcePolicy",
            json =>
            {
                json.WriteString("SecretId", id);
                json.WriteString("ResourcePolicy", policy);
                if (blocksPublic is { } blocks) json.WriteBoolean("BlockPublicPolicy", blocks);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The metadata wish no policy any more: one that is there could let in whom the manifest does not.</summary>
    private Task UnprotectAsync(string id, CancellationToken cancellationToken) => secrets.DoAsync("DeleteResourcePolicy", json => json.WriteString("SecretId", id), cancellationToken, expected: AwsErrors.NotFound);

    private static List<string> Replicas(JsonElement described) =>
        [.. AwsAnswer.Elements(described, "ReplicationStatus").Select(replica => JsonMembers.Text(replica, "Region")).OfType<string>()];

    /// <param name="key">The secret's own, under the name that it has there: a key of one region only is unknown in another.</param>
    private static void WriteRegions(Utf8JsonWriter json, IEnumerable<string> regions, string? key)
    {
        json.WriteStartArray("AddReplicaRegions");
        foreach (var region in regions)
        {
            json.WriteStartObject();
            json.WriteString("Region", region);
            json.WriteIfSet("KmsKeyId", key);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, byte[] value, SecretsManagerWishes wishes)
    {
        if (wishes.SecretPushFormat != SecretsManagerWishes.Text) json.WriteBase64String("SecretBinary", value);
        else if (Utf8.IsValid(value)) json.WriteString("SecretString", value);
        else throw Invalid("metadata: secretPushFormat is string, and the value is no text");
    }

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
