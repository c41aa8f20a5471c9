using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Outcome → status, event, metrics and the word to the queue, in one place.</summary>
internal sealed class SopsReport(KubeClient kube, EventRecorder events, SopsLedger ledger, Metrics metrics, bool updateStatus, Notifier notifier, TimeProvider time, ILogger logger)
{
    // An API server whose CRD is the original's drops our status fields. Then they say nothing, and must not be missed for ever.
    private volatile bool keepsOurFields = true;

    /// <exception cref="TerminalException">The object failed and nothing but a change helps.</exception>
    /// <exception cref="SopsFailedException">The object failed and is to be tried again.</exception>
    public async Task<ReconcileResult> ReportAsync(SopsView seen, SopsOutcome outcome, CancellationToken cancellationToken)
    {
        if (!updateStatus) ledger.Requests.Handled(seen.Key, seen.Source.Metadata);
        switch (outcome)
        {
            case SopsOutcome.Synced synced:
                if (synced.Written || !WasReady(seen)) Announce(seen, EventType.Normal, SopsReason.Decrypted, "SopsSecret decrypted successfully");
                if (synced.Written) SopsLog.Decrypted(logger, seen.Key, synced.Secrets ?? 0);
                ledger.Settle(seen.Key, synced.Mark);
                notifier.Tell(new ObjectOutcome(SopsSecret.SopsSecretKind, seen.Key, OutcomeState.Well, SopsReason.Decrypted));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return ReconcileResult.Done;
            case SopsOutcome.Failed failed:
                if (failed.Undone is { } mark) ledger.Settle(seen.Key, mark);
                else ledger.Unsettle(seen.Key, failed);
                metrics.SopsErrors.WithLabels(failed.Reason, seen.Key.Namespace).Inc();
                SopsLog.Failed(logger, seen.Key, failed.Reason);
                Announce(seen, EventType.Warning, failed.Reason, failed.Message);
                notifier.Tell(new ObjectOutcome(SopsSecret.SopsSecretKind, seen.Key, OutcomeState.Failed, failed.Reason, failed.Message));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                if (failed.Undone is not null) return new ReconcileResult(failed.LookAgain);
                throw failed.Final ? new TerminalException(failed.Reason) { LookAgain = failed.LookAgain } : new SopsFailedException(failed.Reason);
            default:
                ledger.Unsettle(seen.Key, null);
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return ReconcileResult.Done;
        }
    }

    /// <summary>It cannot be read as a SopsSecret, which is told elsewhere: to metrics and people it is one whose document is no good.</summary>
    public void Unreadable(NamespacedName key, string message)
    {
        metrics.SopsDecryptions.Inc();
        metrics.SopsErrors.WithLabels(SopsReason.InvalidDocument, key.Namespace).Inc();
        notifier.Tell(new ObjectOutcome(SopsSecret.SopsSecretKind, key, OutcomeState.Failed, SopsReason.InvalidDocument, message));
    }

    /// <summary>The SopsSecret is gone; its Secrets go by garbage collection.</summary>
    public void Retire(NamespacedName key)
    {
        ledger.Forget(key);
        notifier.Tell(new ObjectOutcome(SopsSecret.SopsSecretKind, key, OutcomeState.Well, ObjectOutcome.Deleted));
    }

    private bool WasReady(SopsView seen) => updateStatus
        ? seen.Source.Status?.ObservedGeneration == seen.Source.Metadata.Generation && SopsStatus.IsReady(seen.Source.Status)
        : ledger.MarkOf(seen.Key) is not null;

    private void Announce(SopsView seen, EventType type, string reason, string message) =>
        events.Record(EventSubject.Of(SopsSecret.GroupVersion, SopsSecret.SopsSecretKind, seen.Source.Metadata), type, reason, message);

    /// <summary>A status that cannot be written spoils nothing that was done, so it is reported and tried again with the next pass.</summary>
    private async Task WriteStatusAsync(SopsView seen, SopsOutcome outcome, CancellationToken cancellationToken)
    {
        if (!updateStatus && outcome is not SopsOutcome.Synced) return;
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
            metrics.SopsErrors.WithLabels("status", seen.Key.Namespace).Inc();
            SopsLog.StatusNotWritten(logger, seen.Key, refused.Code, refused.Reason);
            throw;
        }
    }

    private async Task WriteOnceAsync(NamespacedName key, SopsSecret source, SopsOutcome outcome, CancellationToken cancellationToken)
    {
        // The definition may have been replaced meanwhile by ours, which gives each new object one.
        if (source.Status?.ObservedGeneration is not null) keepsOurFields = true;
        var wanted = updateStatus ? SopsStatus.Next(source.Status, source.Metadata, outcome, time.GetUtcNow(), keepsOurFields) : SopsStatus.Bare(source.Status, source.Metadata.Generation);
        if (wanted is not { } next) return;
        // The spec goes along unchanged: API servers before 1.22 take what is left out for taken away, and whoever applied it would own it no longer, so that
        // what he takes out of Git later would stay.
        var written = await kube.UpdateStatusAsync(SopsSecretKind.Instance, source with { Status = next }, cancellationToken).ConfigureAwait(false);
        ledger.StatusWritten(key, written.Metadata.Uid, written.Metadata.ResourceVersion);
        if (next.ObservedHash is null || written.Status?.ObservedHash == next.ObservedHash) return;
        if (keepsOurFields) SopsLog.FieldsAreDropped(logger);
        keepsOurFields = false;
    }

    /// <summary>As of a SealedSecret: the object as it is now, if nothing of it changed that wakes it.</summary>
    private async Task<SopsSecret?> SameAsync(SopsView seen, CancellationToken cancellationToken)
    {
        var now = await kube.FindAsync(SopsSecretKind.Instance, seen.Key, cancellationToken).ConfigureAwait(false);
        return now is null || SopsWatches.Matters(seen.Source.Metadata, now.Metadata) ? null : now;
    }
}
