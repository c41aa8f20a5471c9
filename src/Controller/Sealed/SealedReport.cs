using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>Outcome → status, event, metrics and the word to the queue, in one place.</summary>
internal sealed class SealedReport(
    KubeClient kube, EventRecorder events, WriteLedger ledger, Metrics metrics, bool updateStatus, Notifier notifier, TimeProvider time, ILogger logger)
{
    // An API server whose CRD is the original's drops our status fields. Then they say nothing, and must not be missed for ever. The first write that has them tells.
    private volatile bool keepsOurFields = true;

    /// <exception cref="TerminalException">The object failed and nothing but a change helps.</exception>
    /// <exception cref="SealedFailedException">The object failed and is to be tried again.</exception>
    public async Task<ReconcileResult> ReportAsync(SealedView seen, SealedOutcome outcome, CancellationToken cancellationToken)
    {
        if (!updateStatus) ledger.Requests.Handled(seen.Key, seen.Source.Metadata);
        switch (outcome)
        {
            case SealedOutcome.Synced synced:
                if (synced.Written || !WasSynced(seen)) Announce(seen, EventType.Normal, SealedOutcome.Unsealed, "SealedSecret unsealed successfully");
                if (synced.Written) SealedLog.Unsealed(logger, seen.Key);
                ledger.Settle(seen.Key, synced.Mark);
                notifier.Tell(new ObjectOutcome(SealedSecret.SealedSecretKind, seen.Key, OutcomeState.Well, SealedOutcome.Unsealed));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return ReconcileResult.Done;
            case SealedOutcome.Failed failed:
                if (failed.Undone is { } mark) ledger.Settle(seen.Key, mark);
                else ledger.Unsettle(seen.Key);
                metrics.UnsealErrors.WithLabels(failed.Label, seen.Key.Namespace).Inc();
                SealedLog.Failed(logger, seen.Key, failed.Reason, failed.Label);
                Announce(seen, EventType.Warning, failed.Reason, failed.Event);
                notifier.Tell(new ObjectOutcome(SealedSecret.SealedSecretKind, seen.Key, OutcomeState.Failed, failed.Reason, failed.Message));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                if (failed.Undone is not null) return new ReconcileResult(failed.LookAgain);
                throw failed.Final ? new TerminalException(failed.Reason) { LookAgain = failed.LookAgain } : new SealedFailedException(failed.Reason);
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    /// <summary>It cannot be read as a SealedSecret, which is told elsewhere: to metrics and people it is one that does not open.</summary>
    public void Unreadable(NamespacedName key, string message)
    {
        metrics.UnsealRequests.Inc();
        metrics.UnsealErrors.WithLabels(SealedReconciler.UnsealLabel, key.Namespace).Inc();
        notifier.Tell(new ObjectOutcome(SealedSecret.SealedSecretKind, key, OutcomeState.Failed, SealedOutcome.ErrUnsealFailed, message));
    }

    /// <summary>The SealedSecret is gone.</summary>
    public void Retire(NamespacedName key)
    {
        ledger.Forget(key);
        notifier.Tell(new ObjectOutcome(SealedSecret.SealedSecretKind, key, OutcomeState.Well, ObjectOutcome.Deleted));
    }

    private bool WasSynced(SealedView seen) => updateStatus
        ? seen.Source.Status?.ObservedGeneration == seen.Source.Metadata.Generation && SealedStatus.IsSynced(seen.Source.Status)
        : ledger.MarkOf(seen.Key) is not null;

    private void Announce(SealedView seen, EventType type, string reason, string message) =>
        events.Record(EventSubject.Of(SealedSecret.GroupVersion, SealedSecret.SealedSecretKind, seen.Source.Metadata), type, reason, message);

    /// <summary>A status that cannot be written spoils nothing that was done, so it is reported and tried again with the next pass.</summary>
    private async Task WriteStatusAsync(SealedView seen, SealedOutcome outcome, CancellationToken cancellationToken)
    {
        if (!updateStatus && outcome is not SealedOutcome.Synced) return;
        try
        {
            await StatusWrite.RunAsync(seen.Source, source => WriteOnceAsync(seen.Key, source, outcome, cancellationToken), () => SameAsync(seen, cancellationToken)).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (!updateStatus && refused.IsForbidden)
        {
            // Whoever wants no status may have granted no right to it.
        }
        catch (KubeApiException refused)
        {
            metrics.UnsealErrors.WithLabels("status", seen.Key.Namespace).Inc();
            SealedLog.StatusNotWritten(logger, seen.Key, refused.Code, refused.Reason);
            throw;
        }
    }

    private async Task WriteOnceAsync(NamespacedName key, SealedSecret source, SealedOutcome outcome, CancellationToken cancellationToken)
    {
        if (Next(source, outcome) is not { } next) return;
        var written = await PutAsync(key, source, next, cancellationToken).ConfigureAwait(false);
        if (next.ObservedHash is null) return;
        Learn(written.Status?.ObservedHash is not null);
        if (keepsOurFields) return;
        // What a write that did not know it yet could not leave for the next start; after any other there is no difference.
        source = source with { Metadata = source.Metadata with { ResourceVersion = written.Metadata.ResourceVersion }, Status = written.Status };
        if (Next(source, outcome) is { } carried) await PutAsync(key, source, carried, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The object as it is now, if nothing of it changed that wakes it: a label, or another's status. Else its event does, and the next pass says what came of that.
    /// </summary>
    private async Task<SealedSecret?> SameAsync(SealedView seen, CancellationToken cancellationToken)
    {
        var now = await kube.FindAsync(SealedSecretKind.Instance, seen.Key, cancellationToken).ConfigureAwait(false);
        return now is not null && ObservedMark.HashDeclared(now.Metadata) == ObservedMark.HashDeclared(seen.Source.Metadata) ? now : null;
    }

    private SealedSecretStatus? Next(SealedSecret source, SealedOutcome outcome) => updateStatus
        ? SealedStatus.Next(source.Status, source.Metadata.Generation, outcome, time.GetUtcNow(), keepsOurFields, source.Metadata.Annotation(ReconcileRequest.Annotation))
        : SealedStatus.Bare(source.Status, source.Metadata.Generation);

    private async Task<SealedSecret> PutAsync(NamespacedName key, SealedSecret source, SealedSecretStatus status, CancellationToken cancellationToken)
    {
        // The spec goes along unchanged: API servers before 1.22 take what is left out for taken away, and whoever applied it would own it no longer, so that
        // what he takes out of Git later would stay.
        var written = await kube.UpdateStatusAsync(SealedSecretKind.Instance, source with { Status = status }, cancellationToken).ConfigureAwait(false);
        ledger.StatusWritten(key, written.Metadata.Uid, written.Metadata.ResourceVersion);
        return written;
    }

    private void Learn(bool keeps)
    {
        if (keepsOurFields && !keeps) SealedLog.FieldsAreDropped(logger);
        keepsOurFields = keeps;
    }
}
