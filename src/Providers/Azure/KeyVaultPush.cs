using System.Text.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// Writes to a vault. What we wrote says so by a tag, and nothing that does not is overwritten, deleted or brought back.
/// </summary>
internal sealed class KeyVaultPush(KeyVaultClient client)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <exception cref="ProviderException">The object is somebody else's, the value cannot be kept, or the vault refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var name = KeyVaultName.Of(request.Place.Key);
        var wishes = KeyVaultWishes.Read(request.Metadata);
        using var content = ContentOf(name, request);
        request.LeaveProperty();
        using var existing = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (existing.IsFound)
        {
            CheckOwner(name, existing.Root);
            if (content.IsIn(existing.Root, wishes) && HasTags(existing.Root, wishes)) return;
        }
        if (await TryWriteAsync(name, content, wishes, existing.Root, cancellationToken).ConfigureAwait(false)) return;
        await RecoverAsync(name, cancellationToken).ConfigureAwait(false);
        if (!await TryWriteAsync(name, content, wishes, default, cancellationToken).ConfigureAwait(false)) throw Recovering(name);
    }

    /// <summary>Fine when it is gone.</summary>
    /// <exception cref="ProviderException">It is somebody else's, or the vault refused.</exception>
    public async Task DeleteAsync(KeyVaultName name, CancellationToken cancellationToken)
    {
        using var existing = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (!existing.IsFound) return;
        CheckOwner(name, existing.Root);
        (await client.SendAsync(new(HttpMethod.Delete, name.Path(), "Delete" + name.Noun), cancellationToken).ConfigureAwait(false)).Dispose();
    }

    private static IKeyVaultContent ContentOf(KeyVaultName name, PushRequest request) => name.Kind switch
    {
        KeyVaultKind.Certificate => KeyVaultCertificateContent.Of(PushedValue.Of(request)),
        KeyVaultKind.Key => KeyVaultKeyContent.Of(PushedValue.Of(request)),
        _ => KeyVaultSecretContent.Of(PushedValue.Of(request)),
    };

    /// <returns>False where a deleted object holds the name.</returns>
    private async Task<bool> TryWriteAsync(KeyVaultName name, IKeyVaultContent content, KeyVaultWishes wishes, JsonElement existing, CancellationToken cancellationToken)
    {
        var body = KeyVaultText.Object(writer =>
        {
            content.Write(writer, wishes, existing);
            writer.WriteStartObject("tags");
            writer.WriteString(KeyVaultFacts.OwnerTag, KeyVaultFacts.Owner);
            foreach (var (tag, value) in wishes.Tags ?? []) writer.WriteString(tag, value);
            writer.WriteEndObject();
        });
        using var answer = await client.SendAsync(content.Call(name, body), cancellationToken).ConfigureAwait(false);
        if (answer.State == KeyVaultState.Missing) throw KeyVaultAnswer.NoVault();
        return answer.IsFound;
    }

    // A vault keeps deleted objects, and their names, for weeks. Ours comes back to be written over; another's is not ours to bring back.
    private async Task RecoverAsync(KeyVaultName name, CancellationToken cancellationToken)
    {
        var deleted = $"deleted{name.Collection}/{name.Name}";
        using var old = await client.SendAsync(new(HttpMethod.Get, deleted, "GetDeleted" + name.Noun), cancellationToken).ConfigureAwait(false);
        if (!old.IsFound) throw Recovering(name);
        if (!KeyVaultFacts.IsOurs(old.Root))
            throw new ProviderException(ProviderFailureKind.Conflict, $"{name.Noun} {name.Name} was deleted and holds its name until it is purged or recovered; it was not managed by external-secrets, so it is left alone");
        (await client.SendAsync(new(HttpMethod.Post, deleted + "/recover", "Recover" + name.Noun), cancellationToken).ConfigureAwait(false)).Dispose();
        using var recovered = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (!recovered.IsFound) throw Recovering(name);
        CheckOwner(name, recovered.Root);
    }

    private static bool HasTags(JsonElement existing, KeyVaultWishes wishes)
    {
        var has = KeyVaultFacts.Tags(existing);
        return (wishes.Tags ?? []).All(tag => has.GetValueOrDefault(tag.Key) == tag.Value);
    }

    private static void CheckOwner(KeyVaultName name, JsonElement existing)
    {
        if (!KeyVaultFacts.IsOurs(existing)) throw new ProviderException(ProviderFailureKind.Conflict, $"{name.Noun} {name.Name} is not managed by external-secrets, so it is left alone");
    }

    private static ProviderException Recovering(KeyVaultName name)
        => new(ProviderFailureKind.Unavailable, $"{name.Noun} {name.Name} was deleted before and is being recovered; it is written once the vault has it back") { RetryAfter = Recovery };
}
