using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Outcome → status, events, metrics and the word to the queue, in one place.</summary>
internal sealed class PushReport(
    KubeClient kube, EventRecorder events, PushLedger ledger, ObjectSeries metrics, Notifier notifier, Func<double> jitter, TimeProvider time, ILogger logger)
{
    // An API server whose CRD is the original's drops our field and may refuse our conditions. Then they are left out.
    private volatile bool keepsOurFields = true;

    public static TimeSpan IntervalOf(PushSecret source) => RefreshSchedule.Bounded(source.Spec.RefreshInterval?.Value ?? PushSecretSpec.DefaultRefreshInterval);

    public async Task<ReconcileResult> ReportAsync(NamespacedName key, PushSecret source, PushOutcome outcome, TimeSpan? nextLook, CancellationToken cancellationToken)
    {
        var failures = 0;
        switch (outcome)
        {
            case PushOutcome.Synced synced:
                Tell(source, EventType.Normal, PushReasons.Synced, synced.Message);
                notifier.Tell(new ObjectOutcome(PushSecret.PushSecretKind, key, OutcomeState.Well, PushReasons.Synced));
                break;
            case PushOutcome.Failed failed:
                failures = ledger.Failed(key);
                metrics.Failed(key);
                Tell(source, EventType.Warning, failed.Reason, failed.Message);
                PushLog.Failed(logger, key, failed.Reason, failures + 1);
                // One failure that the next try heals, a moment later, is no news.
                if (failed.Final || failures > 0) notifier.Tell(new ObjectOutcome(PushSecret.PushSecretKind, key, OutcomeState.Failed, failed.Reason, failed.Message));
                break;
        }
        await WriteStatusAsync(key, source, outcome, cancellationToken).ConfigureAwait(false);
        // Not before it is written: else a status that could not be would never be.
        if (outcome is PushOutcome.Synced done)
        {
            ledger.Seen(key, done.Mark);
            ledger.Renews(key, done.RenewAt);
        }
        if (outcome is not PushOutcome.Failed failure) return new ReconcileResult(nextLook);
        if (failure.Final) throw new TerminalException(failure.Message);
        var delay = RefreshBackoff.Delay(failures, IntervalOf(source), jitter());
        return new ReconcileResult(failure.RetryAfter > delay ? failure.RetryAfter : delay);
    }

    /// <summary>The object is gone, and with it whatever was the matter.</summary>
    public void Retire(NamespacedName key) => notifier.Tell(new ObjectOutcome(PushSecret.PushSecretKind, key, OutcomeState.Well, ObjectOutcome.Deleted));

    private void Tell(PushSecret source, EventType type, string reason, string message) =>
        events.Record(EventSubject.Of(ExternalSecretNames.GroupV1Alpha1, PushSecret.PushSecretKind, source.Metadata), type, reason, message);

    private Task WriteStatusAsync(NamespacedName key, PushSecret seen, PushOutcome outcome, CancellationToken cancellationToken)
    {
        // As of an ExternalSecret.
        if (seen.Status?.ObservedGeneration is not null) keepsOurFields = true;
        return StatusWrite.RunAsync(seen, source => WriteOnceAsync(key, source, outcome, cancellationToken), async () =>
        {
            // What lies where must be remembered even if the object was edited meanwhile: else it could never be taken back.
            var now = await kube.FindAsync(ExternalKinds.PushSecrets, key, cancellationToken).ConfigureAwait(false);
            return now?.Metadata.Uid == seen.Metadata.Uid ? now : null;
        });
    }

    private async Task WriteOnceAsync(NamespacedName key, PushSecret source, PushOutcome outcome, CancellationToken cancellationToken)
    {
        if (PushStatus.Next(source.Status, source.Metadata.Generation, outcome, time.GetUtcNow(), keepsOurFields) is { } next)
        {
            try
            {
                var written = ExternalKinds.Trim(await kube.UpdateStatusAsync(ExternalKinds.PushSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false));
                ledger.Written(key, written);
                if (written.Status?.ObservedGeneration != next.ObservedGeneration) keepsOurFields = false;
            }
            catch (KubeApiException refused) when (refused.IsInvalid && keepsOurFields)
            {
                keepsOurFields = false;
                await WriteOnceAsync(key, source, outcome, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        if (outcome is PushOutcome.Synced or PushOutcome.Failed { Pushed: not null }) ledger.Told(key);
    }
}
