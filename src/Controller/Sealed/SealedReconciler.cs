using System.Collections.Concurrent;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>SealedSecret → Secret, in five steps. Knows only the key; what woke it does not matter.</summary>
internal sealed class SealedReconciler(
    KubeClient kube, SealedCaches caches, SealingKeyStore keys, SecretWriter writer, WorkloadRestarter restarter, SealedReport report, WriteLedger ledger, UnsealOptions unsealing,
    bool deletesSecrets, Metrics metrics, Func<double> chance) : IReconciler
{
    private const string FailedToUnseal = "Failed to unseal";
    public const string UnsealLabel = "unseal";

    /// <summary>When to look again while our own last write has not come back; its event normally comes first.</summary>
    private static readonly TimeSpan EchoPoll = TimeSpan.FromSeconds(5);

    /// <summary>Within this time from the first look on, those of which it is not known what opens them are opened for that alone. Spread, for they may be all there are.</summary>
    private static readonly TimeSpan AccountingTime = TimeSpan.FromMinutes(10);

    /// <summary>What the API server finds invalid changes with the object; or, seldom, with a policy of the cluster, which wakes nobody.</summary>
    private static readonly TimeSpan InvalidRetry = TimeSpan.FromHours(1);

    private static readonly KubeKind<PartialObjectMetadata> SecretMetadata = KubeKind.MetadataOf(ClusterKinds.SecretResource);

    private readonly ConcurrentDictionary<NamespacedName, bool> toAccount = new();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read; what is lost from here on is looked into by the next pass
        var loss = ledger.Losses.Of(key);
        if (caches.Read(key) is not { } seen) return await RetireAsync(key, cancellationToken).ConfigureAwait(false);
        if (seen.IsBeingDeleted) return ReconcileResult.Done;
        if (ledger.IsAhead(seen)) return new ReconcileResult(EchoPoll);
        seen = await LookOnceAsync(seen, loss is not null, cancellationToken).ConfigureAwait(false);
        var isRight = seen.IsUnchanged && MissingKeys(seen).Count == 0;
        if (!seen.SourceChanged && !seen.IsRequested && ledger.Healing.PauseOf(key, isRight) is { } pause) return new ReconcileResult(pause);
        var result = await (isRight ? ConfirmAsync(seen, cancellationToken) : UnsealAsync(seen, cancellationToken)).ConfigureAwait(false);
        ledger.Losses.LookedInto(key, loss);
        return result;
    }

    private async Task<ReconcileResult> UnsealAsync(SealedView seen, CancellationToken cancellationToken)
    {
        // b  unseal
        metrics.UnsealRequests.Inc();
        var outcome = await OpenAsync(seen, cancellationToken).ConfigureAwait(false);
        return await report.ReportAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A Secret that no watch shows may have gone, or have been edited, while no controller ran: it is asked for in the first pass after a start, and when the watch showed it and does so no
    /// longer. Else nothing tells of it until the SealedSecret changes, which is what the flags are for.
    /// </summary>
    private async Task<SealedView> LookOnceAsync(SealedView seen, bool isLost, CancellationToken cancellationToken)
    {
        if (seen.Secret is not null || seen.SeesEverySecret || !seen.IsUnchanged || (ledger.MarkOf(seen.Key) is not null && !isLost)) return seen;
        return seen.With(await kube.FindAsync(SecretMetadata, seen.Key, cancellationToken).ConfigureAwait(false));
    }

    private async Task<SealedOutcome> OpenAsync(SealedView seen, CancellationToken cancellationToken)
    {
        var isOpen = false;
        try
        {
            using var unsealed = Unseal(seen, cancellationToken);
            if (!unsealed.Succeeded) return DoesNotOpen(seen, unsealed.Failure);
            isOpen = true;
            return await BringInLineAsync(seen, unsealed.Opened, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            return isOpen
                ? new SealedOutcome.Failed(SealedOutcome.ErrUpdateFailed, InternalError.Describe(failure), InternalError.Describe(failure), WriteRefusal.Update, Final: false)
                : new SealedOutcome.Failed(SealedOutcome.ErrUnsealFailed, $"{FailedToUnseal}: {InternalError.Describe(failure)}", InternalError.Describe(failure), UnsealLabel, Final: false);
        }
    }

    /// <summary>The keys that opened it before and are gone. What needs one fails now, while somebody may remember where that key is, and not when the Secret is lost.</summary>
    private List<string> MissingKeys(SealedView seen) => [.. seen.SealingKeys.Where(fingerprint => keys.Ring.Find(fingerprint) is null)];

    /// <summary>Nothing is to be done, unless nobody knows which keys it needs: then that is found out, later and with no word to the Secret.</summary>
    private async Task<ReconcileResult> ConfirmAsync(SealedView seen, CancellationToken cancellationToken)
    {
        var isAccounted = seen.SealingKeys.Count > 0 || !CachedSealedSecret.NeedsKey(seen.Source) || !SealedStatus.IsSynced(seen.Source.Status);
        if (!isAccounted && toAccount.TryRemove(seen.Key, out _))
        {
            metrics.UnsealRequests.Inc();
            using var unsealed = Unseal(seen, cancellationToken);
            SealedOutcome found = unsealed.Succeeded ? new SealedOutcome.Synced(unsealed.Opened.Fingerprints, seen.LastMark!.Value, Written: false) : DoesNotOpen(seen, unsealed.Failure);
            return await report.ReportAsync(seen, found, cancellationToken).ConfigureAwait(false);
        }
        var result = await report.ReportAsync(seen, AsBefore(seen), cancellationToken).ConfigureAwait(false);
        if (isAccounted) return result;
        toAccount[seen.Key] = true;
        return new ReconcileResult(AccountingTime * chance());
    }

    /// <summary>With the keys of now. One that arrives while the others fail wakes only what is known to be failing, so that is noted before it is asked for once more.</summary>
    private UnsealResult Unseal(SealedView seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ring = keys.Ring;
            var unsealed = Unsealer.Unseal(seen.Source, ring, unsealing with { KeyHints = seen.SealingKeys, CancellationToken = cancellationToken });
            if (unsealed.Succeeded) return unsealed;
            ledger.Unsettle(seen.Key);
            if (ReferenceEquals(ring, keys.Ring)) return unsealed;
            unsealed.Dispose();
        }
    }

    private async Task<SealedOutcome> BringInLineAsync(SealedView seen, OpenedSecret opened, CancellationToken cancellationToken)
    {
        try
        {
            // c  draft
            var draft = new SecretDraft(opened.Secret, seen.Source.Metadata.Uid!, SealedSecret.SealedSecretKind) { Reserved = caches.Reserved };

            // d  decide
            var existing = seen.SecretIsKnownToBeAbsent ? null : await writer.FindAsync(seen.Key, cancellationToken).ConfigureAwait(false);
            var decision = new WritePolicy(draft, existing, seen.SourceChanged).Decide();
            if (decision.Refusal is { } refusal) return Refused(seen, refusal);

            // e  write
            var written = await writer.WriteAsync(decision, cancellationToken, WritePolicy.ManagerOf(existing)).ConfigureAwait(false);
            if (written is not null) ledger.SecretWritten(seen, written.Metadata.ResourceVersion);
            await restarter.AfterWriteAsync(EventSubject.Of(SealedSecret.GroupVersion, SealedSecret.SealedSecretKind, seen.Source.Metadata), seen.Source.Metadata, existing, written, cancellationToken).ConfigureAwait(false);
            var mark = MarkOf(seen, (written ?? existing)!);
            if (ledger.Healing.Passed(seen.Key, seen.SourceChanged, written is null ? [] : [seen.Key.Name]) is not null) return Undone(existing, mark);
            return new SealedOutcome.Synced(opened.Fingerprints, mark, Written: written is not null);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            var told = ManifestRefusal.Of(refused, ClusterKinds.SecretResource);
            return new SealedOutcome.Failed(SealedOutcome.ErrUpdateFailed, told, told, WriteRefusal.Update, Final: refused.IsRejected) { LookAgain = refused.IsRejected ? InvalidRetry : null };
        }
    }

    /// <summary>
    /// The SealedSecret is gone. Its Secret goes by garbage collection, unless we are told to do that ourselves; one without
    /// our owner reference stays either way. A SealedSecret that lost the label by which we serve it is gone for us alone: it and its Secret are another's now.
    /// </summary>
    private async Task<ReconcileResult> RetireAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        report.Retire(key);
        toAccount.TryRemove(key, out _);
        metrics.UnsealRequests.Inc();
        if (!deletesSecrets || await writer.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } secret) return ReconcileResult.Done;
        if (secret.Metadata.OwnerReferences?.FirstOrDefault(SealedSecretKind.IsController) is not { } owner || owner.Name != key.Name) return ReconcileResult.Done;
        var isGone = (await kube.FindAsync(SealedSecretKind.Instance, key, cancellationToken).ConfigureAwait(false))?.Metadata.Uid != owner.Uid;
        if (isGone) await writer.DeleteAsync(secret, cancellationToken).ConfigureAwait(false);
        return ReconcileResult.Done;
    }

    private static SealedOutcome.Synced AsBefore(SealedView seen) => new(null, seen.LastMark!.Value, Written: false);

    private static ObservedMark MarkOf(SealedView seen, Secret secret) =>
        new(seen.Inputs, ObservedMark.HashSecret(
            secret.Metadata.Uid, secret.Metadata.ResourceVersion,
            secret.Metadata.Annotation(SealedSecretAnnotations.Patch), secret.Metadata.Annotation(SealedSecretAnnotations.Managed)));

    private SealedOutcome.Failed DoesNotOpen(SealedView seen, UnsealFailure failure) => new(
        SealedOutcome.ErrUnsealFailed, $"{FailedToUnseal}: {failure.Message}", Explained(failure) + Missing(seen), UnsealLabel, Final: true);

    /// <summary>What is to be said of those keys, if it is still what they opened.</summary>
    private string Missing(SealedView seen)
    {
        var missing = MissingKeys(seen);
        return missing.Count == 0 || seen.Source.Status?.ObservedGeneration != seen.Source.Metadata.Generation ? "" : $"; it was opened before with {string.Join(", ", missing)}, which is no longer among the sealing keys: restore it (seal keys restore), or bring it back if it was retired (seal keys retire NAME --undo)";
    }

    /// <summary>The original's words first, because scripts look for them; then which of the causes behind them it is.</summary>
    private static string Explained(UnsealFailure failure) =>
        failure.Explanation == failure.Message ? failure.Message : $"{failure.Message}: {failure.Explanation}";

    private static SealedOutcome.Failed Undone(Secret? existing, ObservedMark mark)
    {
        var told = SecretContest.Told("the Secret", existing?.Metadata) + (existing is null ? "; an owner that its template names may be gone" : "");
        return new SealedOutcome.Failed(SealedOutcome.ErrUpdateFailed, told, told, WriteRefusal.Update, Final: false) { Undone = mark, LookAgain = HealingPace.Quiet };
    }

    /// <summary>Final while the watch tells us of every change of that Secret; else the only way to notice one is to try again.</summary>
    private static SealedOutcome.Failed Refused(SealedView seen, WriteRefusal refusal) =>
        new(SealedOutcome.ErrUpdateFailed, refusal.Event, refusal.Message, refusal.Finding, Final: seen.SeesEverySecret);
}
