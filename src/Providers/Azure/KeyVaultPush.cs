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
        if (existing is not null)
        {
            CheckOwner(name, existing.Facts);
            if (content.IsIn(existing, wishes) && existing.Facts.Has(wishes.Tags ?? [])) return;
        }
        if (await client.WriteAsync(name, content, wishes, existing?.Facts, cancellationToken).ConfigureAwait(false)) return;
        await RecoverAsync(name, cancellationToken).ConfigureAwait(false);
        if (!await client.WriteAsync(name, content, wishes, existing: null, cancellationToken).ConfigureAwait(false)) throw Recovering(name);
    }

    /// <summary>Fine when it is gone.</summary>
    /// <exception cref="ProviderException">It is somebody else's, or the vault refused.</exception>
    public async Task DeleteAsync(KeyVaultName name, CancellationToken cancellationToken)
    {
        using var existing = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (existing is null) return;
        CheckOwner(name, existing.Facts);
        await client.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private static IKeyVaultContent ContentOf(KeyVaultName name, PushRequest request) => name.Kind switch
    {
        KeyVaultKind.Certificate => KeyVaultCertificateContent.Of(PushedValue.Of(request)),
        KeyVaultKind.Key => KeyVaultKeyContent.Of(PushedValue.Of(request)),
        _ => KeyVaultSecretContent.Of(PushedValue.Of(request)),
    };

    // A vault keeps deleted objects, and their names, for weeks. Ours comes back to be written over; another's is not ours to bring back.
    private async Task RecoverAsync(KeyVaultName name, CancellationToken cancellationToken)
    {
        var old = await client.ReadDeletedAsync(name, cancellationToken).ConfigureAwait(false) ?? throw Recovering(name);
        if (!old.IsOurs)
            throw new ProviderException(ProviderFailureKind.Conflict, $"{name.Noun} {name.Name} was deleted and holds its name until it is purged or recovered; it was not managed by external-secrets, so it is left alone");
        await client.RecoverAsync(name, cancellationToken).ConfigureAwait(false);
        using var recovered = await client.ReadAsync(name, null, cancellationToken).ConfigureAwait(false) ?? throw Recovering(name);
        CheckOwner(name, recovered.Facts);
    }

    private static void CheckOwner(KeyVaultName name, KeyVaultFacts existing)
    {
        if (!existing.IsOurs) throw new ProviderException(ProviderFailureKind.Conflict, $"{name.Noun} {name.Name} is not managed by external-secrets, so it is left alone");
    }

    private static ProviderException Recovering(KeyVaultName name)
        => new(ProviderFailureKind.Unavailable, $"{name.Noun} {name.Name} was deleted before and is being recovered; it is written once the vault has it back") { RetryAfter = Recovery };
}
