using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>Outcome → status, events, metrics and the word to the queue, in one place.</summary>
internal sealed class ExternalReport(
    KubeClient kube, EventRecorder events, ExternalLedger ledger, ExternalMetrics metrics, Notifier notifier, Func<double> jitter, TimeProvider time, ILogger logger)
{
    private const double SpreadOfRetries = 0.2;

    /// <summary>What the next try may heal so soon is no news.</summary>
    private static readonly TimeSpan Momentary = TimeSpan.FromMinutes(1);

    // An API server whose CRD is the original's drops our field and refuses our conditions. Then they are left out.
    private volatile bool keepsOurFields = true;

    public async Task<ReconcileResult> ReportAsync(ExternalView seen, ExternalOutcome outcome, TimeSpan? nextLook, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case ExternalOutcome.Synced synced:
                foreach (var told in synced.Events) Tell(seen, told);
                ExternalLog.Synced(logger, seen.Key, synced.Message);
                notifier.Tell(new ObjectOutcome(ExternalSecret.ExternalSecretKind, seen.Key, OutcomeState.Well, synced.Reason));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                Settle(seen, synced.Sync);
                return new ReconcileResult(nextLook);
            case ExternalOutcome.Failed failed:
                var failures = ledger.Failed(seen.Key);
                metrics.Sources.Failed(seen.Key);
                foreach (var told in failed.Events) Tell(seen, told);
                Tell(seen, ExternalEvent.Warning(ExternalReasons.EventFailed, failed.Cause.Length == 0 ? failed.Message : failed.Cause));
                ExternalLog.Failed(logger, seen.Key, failed.FullMessage, failures + 1);
                var soonest = After(failed, RefreshBackoff.Delay(failures, seen.Interval, jitter()));
                var next = failed.Refresh is null or { IsOver: true } ? soonest : After(failed, RefreshBackoff.DelayOfRefresh(failures, seen.Interval, jitter()));
                // One failure that the next try heals, a moment later, is no news: a store that is applied with its user is not ready at once.
                if (failed.Final || failures > 0 || failed.Undone is not null || next > Momentary) notifier.Tell(ExternalNews.Of(seen, failed, time.GetUtcNow()));
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                if (failed.Undone is { } sync)
                {
                    Settle(seen, sync);
                    return new ReconcileResult(nextLook);
                }
                if (failed.Final) throw new TerminalException(failed.Message);
                if (failed.Refresh is { } refresh) ledger.PutOff(seen.Key, refresh, next, soonest);
                return new ReconcileResult(next);
            default:
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return new ReconcileResult(nextLook);
        }
    }

    /// <summary>The object is gone, and with it whatever was the matter.</summary>
    public void Retire(NamespacedName key) => notifier.Tell(new ObjectOutcome(ExternalSecret.ExternalSecretKind, key, OutcomeState.Well, ObjectOutcome.Deleted));

    /// <summary>Not before the status is written: else one that could not be would never be. And not of an object that took its name meanwhile.</summary>
    private void Settle(ExternalView seen, LastSync sync)
    {
        if (ledger.AppearanceOf(seen.Key) == seen.Appeared) ledger.Synced(seen.Key, sync);
    }

    /// <summary>A store tells all its users the same time: they come back after it, and not all at once.</summary>
    private TimeSpan After(ExternalOutcome.Failed failed, TimeSpan delay) => failed.RetryAfter is { } asked && asked > delay ? asked * (1 + (SpreadOfRetries * jitter())) : delay;

    private void Tell(ExternalView seen, ExternalEvent told) =>
        events.Record(EventSubject.Of(ExternalSecretNames.GroupV1, ExternalSecret.ExternalSecretKind, seen.Source.Metadata), told.Type, told.Reason, told.Message);

    private Task WriteStatusAsync(ExternalView seen, ExternalOutcome outcome, CancellationToken cancellationToken)
    {
        // The definition may have been replaced meanwhile by ours, which gives each new object one.
        if (seen.Source.Status?.ObservedGeneration is not null) keepsOurFields = true;
        return StatusWrite.RunAsync(seen.Source, source => WriteOnceAsync(seen.Key, source, outcome, cancellationToken), () => SameAsync(seen, cancellationToken));
    }

    private async Task WriteOnceAsync(NamespacedName key, ExternalSecret source, ExternalOutcome outcome, CancellationToken cancellationToken)
    {
        if (ExternalStatus.Next(source.Status, source.Metadata.Generation, outcome, time.GetUtcNow(), keepsOurFields) is not { } next) return;
        try
        {
            var written = ExternalKinds.Trim(await kube.UpdateStatusAsync(ExternalKinds.ExternalSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false));
            ledger.StatusWritten(key, written);
            if (next.ObservedHash is not null && written.Status?.ObservedHash != next.ObservedHash) DropOurFields();
        }
        catch (KubeApiException refused) when (refused.IsInvalid && keepsOurFields)
        {
            DropOurFields();
            await WriteOnceAsync(key, source, outcome, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The object as it is now, if it still says what was worked on; else its event wakes the key, and the next pass says what came of that.</summary>
    private async Task<ExternalSecret?> SameAsync(ExternalView seen, CancellationToken cancellationToken)
    {
        var now = await kube.FindAsync(ExternalKinds.ExternalSecrets, seen.Key, cancellationToken).ConfigureAwait(false);
        return now is not null && now.Metadata.Uid == seen.Source.Metadata.Uid && ExternalView.VersionOf(now) == seen.Version ? now : null;
    }

    private void DropOurFields()
    {
        if (keepsOurFields) ExternalLog.FieldsAreDropped(logger);
        keepsOurFields = false;
    }
}
