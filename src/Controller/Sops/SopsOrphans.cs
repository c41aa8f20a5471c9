using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// The Secrets that a SopsSecret made and declares no more. They go when all that it declares is there: which of them has another name now, and so is given up
/// for it, nobody knows.
/// </summary>
internal sealed class SopsOrphans(SecretWriter writer, SopsLedger ledger)
{
    private const int MostNamed = 5;

    public static IReadOnlyList<NamespacedName> Of(SopsView seen, OpenedSopsSecret opened)
    {
        var declared = opened.Secrets.Select(secret => secret.Secret.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        return [.. seen.Secrets.Select(secret => secret.Key).Where(secret => !declared.Contains(secret.Name)).OrderBy(secret => secret.Name, StringComparer.Ordinal)];
    }

    /// <returns>Whether some went, and why another is still there; null when none is.</returns>
    public async Task<(bool Removed, string? Trouble)> DeleteAsync(SopsView seen, IReadOnlyList<NamespacedName> orphans, CancellationToken cancellationToken)
    {
        var (removed, trouble) = (false, default(string));
        foreach (var orphan in orphans)
        {
            try
            {
                // The watch may be behind: what counts is whose it is now.
                if (await writer.FindAsync(orphan, cancellationToken).ConfigureAwait(false) is not { } secret) continue;
                if (secret.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == seen.Source.Metadata.Uid) != true) continue;
                await writer.DeleteAsync(secret, cancellationToken).ConfigureAwait(false);
                removed = true;
            }
            catch (KubeApiException gone) when (gone.IsNotFound)
            {
                // That is what was wanted.
            }
            catch (KubeApiException refused) when (!refused.IsConflict)
            {
                trouble ??= $"the Secret \"{orphan.Name}\" is declared no more and could not be deleted: {ManifestRefusal.Of(refused, ClusterKinds.SecretResource)}";
            }
        }
        return (removed, trouble);
    }

    /// <summary>Not all that is declared is there, so they stay, unless who has a name waits for one of these: then both would wait for ever.</summary>
    public async Task<SopsOutcome.Failed> HoldAsync(SopsView seen, IReadOnlyList<NamespacedName> orphans, SopsOutcome.Failed failed, CancellationToken cancellationToken)
    {
        if (orphans.Count == 0) return failed;
        var held = failed with { Held = [.. orphans.Select(orphan => orphan.Name)] };
        // First told, then asked: of two who do this at the same time, one at least sees the other.
        ledger.Unsettle(seen.Key, held);
        if (ledger.IsExchange(seen.Key))
        {
            await DeleteAsync(seen, orphans, cancellationToken).ConfigureAwait(false);
            return failed;
        }
        return held with { Message = $"{failed.Message}; until all that is declared is there, this stays: {string.Join(", ", held.Held.Take(MostNamed))}{(orphans.Count > MostNamed ? ", …" : "")}" };
    }
}
