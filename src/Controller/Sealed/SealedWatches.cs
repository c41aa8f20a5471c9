using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// What wakes a SealedSecret: itself, any change of the Secret of its name (edited, deleted, or no longer in the way), and,
/// for those that do not open or lack a key that opened them, a key that came or went.
/// </summary>
internal sealed class SealedWatches(SealedCaches caches, SealingKeyStore keys, WriteLedger ledger, WorkQueue queue)
{
    private static readonly TimeSpan Vacancy = TimeSpan.FromSeconds(2);

    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        foreach (var sources in caches.Sources) sources.OnChange(OnSource);
        foreach (var secrets in caches.Secrets) secrets.OnChange(OnSecret);
        keys.Changed += OnKeys;
    }

    /// <summary>A change of the status alone is our own writing: to wake for it would try every failure twice.</summary>
    private void OnSource(ObjectChange<CachedSealedSecret> change)
    {
        if (change is { Old: { } old, New: { } now } && old.Declared == now.Declared && !ledger.IsAwaited(change.Key)) return;
        queue.Add(change.Key);
    }

    private void OnSecret(ObjectChange<PartialObjectMetadata> change)
    {
        if (change.New is null) ledger.SecretGone(change.Key);
        else if (ledger.IsEcho(change.Key, change.New.ResourceVersion) && !ledger.IsAwaited(change.Key)) return;
        // Before the first list of SealedSecrets is in, each will be looked at anyway.
        if (!caches.Has(change.Key)) return;
        if (change.New is null && !caches.SeesEverySecret) ledger.Losses.Add(change.Key);
        // Our own comes back at once. For what stood in our way: whoever replaces an object by deleting and creating it (Argo CD does) gets a moment to finish.
        if (change is { New: null, Old: { } gone } && !IsOurs(gone)) queue.AddAfter(change.Key, Vacancy);
        else queue.Add(change.Key);
    }

    private static bool IsOurs(PartialObjectMetadata secret) =>
        secret.OwnerReferences.Any(SealedSecretKind.IsController)
        || secret.Annotation(SealedSecretAnnotations.Managed) == "true"
        || secret.Annotation(SealedSecretAnnotations.SkipSetOwnerReferences) == "true";

    private void OnKeys()
    {
        var ring = keys.Ring;
        foreach (var cached in caches.All)
        {
            if (cached.SealingKeys.Any(fingerprint => ring.Find(fingerprint) is null) || ledger.IsFailing(cached.Key) || (ledger.MarkOf(cached.Key) is null && !cached.IsSynced)) queue.Add(cached.Key);
        }
    }
}
