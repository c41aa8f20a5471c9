using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What an ExternalSecret made under a name, or of a kind, that it no longer uses. Secrets are all watched; of other kinds the watches show those that were used since
/// the start, and the mark of the last pass the one from before.
/// </summary>
/// <param name="isAllowed">Whether targets may be anything but Secrets; where they may not, the rights to look for others are missing too.</param>
internal sealed class TargetOrphans(KubeClient kube, ExternalCaches caches, ManifestKinds kinds, ManifestWatches watches, SecretWriter secrets, bool isAllowed)
{
    private const int Attempts = 3;

    /// <summary>To be called for those that own their target.</summary>
    /// <param name="seen">The ExternalSecret, whose new target is written: the old one is not given up for one that cannot be had.</param>
    /// <param name="written">The Secret that was written last before that.</param>
    /// <param name="told">Gets an event for each that went.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why one of them is still there; null when none is.</returns>
    public async Task<string?> DeleteAsync(ExternalView seen, NamespacedName? written, List<ExternalEvent> told, CancellationToken cancellationToken) =>
        await DeleteSecretsAsync(seen, written, told, cancellationToken).ConfigureAwait(false)
        ?? (isAllowed ? await DeleteObjectsAsync(seen, told, cancellationToken).ConfigureAwait(false) : null);

    private async Task<string?> DeleteSecretsAsync(ExternalView seen, NamespacedName? written, List<ExternalEvent> told, CancellationToken cancellationToken)
    {
        IEnumerable<NamespacedName> orphans = caches.OwnedSecrets(seen.Key).Where(orphan => seen.IsGeneric || orphan != seen.Target);
        // One that was written a moment before its name was changed may not be shown yet.
        if (written is { } before && before != seen.Target) orphans = orphans.Append(before).Distinct();
        foreach (var orphan in orphans)
        {
            if (await DeleteSecretAsync(seen, orphan, told, cancellationToken).ConfigureAwait(false) is { } trouble) return trouble;
        }
        return null;
    }

    private async Task<string?> DeleteSecretAsync(ExternalView seen, NamespacedName orphan, List<ExternalEvent> told, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A label can be set by anybody; the owner reference says whose it is.
                if (await secrets.FindAsync(orphan, cancellationToken).ConfigureAwait(false) is not { } secret || !TargetPolicy.IsControlledBy(secret, seen.Key.Name)) return null;
                await secrets.DeleteAsync(secret, cancellationToken).ConfigureAwait(false);
                told.Add(ExternalEvent.Normal(ExternalReasons.EventDeleted, "secret deleted because it was orphaned"));
                return null;
            }
            catch (KubeApiException gone) when (gone.IsNotFound)
            {
                return null;
            }
            catch (KubeApiException refused) when (!refused.IsConflict || attempt == Attempts)
            {
                return $"{ExternalReasons.CouldNotDeleteOrphans}: {ManifestRefusal.Of(refused, ClusterKinds.SecretResource)}";
            }
            catch (KubeApiException)
            {
                // Edited in between: again.
            }
        }
    }

    /// <summary>
    /// Whether a Secret in the way is another ExternalSecret's that has another target now, and waits for what this one gives up, perhaps by way of others: names that are
    /// exchanged. One who keeps a Secret for want of another that nobody gives up is no reason to give anything up.
    /// </summary>
    public bool IsExchange(ExternalView seen, NamespacedName? written, string inTheWay)
    {
        var own = caches.OwnedSecrets(seen.Key).Append(written ?? seen.Target).Where(secret => secret != seen.Target).ToHashSet();
        var passed = new HashSet<string>(StringComparer.Ordinal);
        for (var held = inTheWay; passed.Add(held);)
        {
            var owner = caches.FindSecret(seen.Key with { Name = held })?.OwnerReferences.FirstOrDefault(reference => reference.Controller == true && TargetMetadata.IsExternalSecret(reference));
            if (owner is null || caches.FindSource(seen.Key with { Name = owner.Name }) is not { } source || ExternalView.IsOfAnotherKind(source)) return false;
            held = source.TargetName;
            if (own.Contains(seen.Key with { Name = held })) return true;
        }
        return false;
    }

    private async Task<string?> DeleteObjectsAsync(ExternalView seen, List<ExternalEvent> told, CancellationToken cancellationToken)
    {
        foreach (var (name, resource, orphan) in watches.OwnedBy(seen.Source).Where(owned => !IsTarget(seen, owned.Name, owned.Found.Key.Name)))
        {
            if (await DeleteAsync(name, resource, seen, orphan.Key.Name, told, cancellationToken).ConfigureAwait(false) is { } trouble) return trouble;
        }
        if (seen.Last?.Mark.Manifest() is not var (manifest, before) || IsTarget(seen, ManifestWatches.NameOf(manifest), before) || !ManifestKinds.IsApiVersion(manifest.ApiVersion)) return null;
        // A kind that is gone took its objects along.
        return await kinds.FindAsync(manifest, cancellationToken).ConfigureAwait(false) is { } kind
            ? await DeleteAsync(ManifestWatches.NameOf(manifest), kind, seen, before, told, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<string?> DeleteAsync(string kind, KubeResource resource, ExternalView seen, string name, List<ExternalEvent> told, CancellationToken cancellationToken)
    {
        try
        {
            var key = seen.Key with { Name = name };
            if (await kube.FindAsync(KubeKind.Untyped(resource), key, cancellationToken).ConfigureAwait(false) is not { } orphan) return null;
            var metadata = ManifestPolicy.MetadataOf(orphan);
            if (!TargetMetadata.IsControlledBy(metadata, seen.Key.Name)) return null;
            await kube.DeleteAsync(resource, key, new DeletePreconditions(metadata.Uid, metadata.ResourceVersion), cancellationToken).ConfigureAwait(false);
            told.Add(ExternalEvent.Normal(ExternalReasons.EventDeleted, $"Deleted {kind.Split(' ')[^1]} {name}"));
            return null;
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            return null;
        }
        catch (KubeApiException refused)
        {
            return $"{ExternalReasons.CouldNotDeleteOrphans}: {kind.Split(' ')[^1]} {name}: {ManifestRefusal.Of(refused, resource)}";
        }
    }

    /// <param name="kind">As <see cref="ManifestWatches.NameOf"/> has it.</param>
    private static bool IsTarget(ExternalView seen, string kind, string name) =>
        seen.IsGeneric && kind == ManifestWatches.NameOf(seen.Source.Spec.Target!.Manifest!) && name == seen.Target.Name;
}
