using System.Text.Json;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Outcome → status, event, metrics and the word to the queue, in one place.</summary>
internal sealed class SopsReport(KubeClient kube, EventRecorder events, SopsLedger ledger, Metrics metrics, bool updateStatus, TimeProvider time, ILogger logger)
{
    // An API server whose CRD is the original's drops our status fields. Then they say nothing, and must not be missed for ever.
    private volatile bool keepsOurFields = true;

    /// <exception cref="TerminalException">The object failed and nothing but a change helps.</exception>
    /// <exception cref="SopsFailedException">The object failed and is to be tried again.</exception>
    public async Task<ReconcileResult> ReportAsync(SopsView seen, SopsOutcome outcome, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case SopsOutcome.Synced synced:
                if (synced.Written || !WasReady(seen)) Announce(seen, EventType.Normal, SopsReason.Decrypted, "SopsSecret decrypted successfully");
                if (synced.Written) SopsLog.Decrypted(logger, seen.Key, synced.Secrets ?? 0);
                ledger.Settle(seen.Key, synced.Mark);
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return ReconcileResult.Done;
            case SopsOutcome.Failed failed:
                ledger.Unsettle(seen.Key, failed.InTheWay);
                metrics.SopsErrors.WithLabels(failed.Reason, seen.Key.Namespace).Inc();
                SopsLog.Failed(logger, seen.Key, failed.Reason);
                Announce(seen, EventType.Warning, failed.Reason, failed.Message);
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                throw failed.Final ? new TerminalException(failed.Reason) : new SopsFailedException(failed.Reason);
            default:
                ledger.Unsettle(seen.Key, []);
                await WriteStatusAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
                return ReconcileResult.Done;
        }
    }

    private bool WasReady(SopsView seen) => updateStatus
        ? seen.Source.Status?.ObservedGeneration == seen.Source.Metadata.Generation && SopsStatus.IsReady(seen.Source.Status)
        : ledger.MarkOf(seen.Key) is not null;

    private void Announce(SopsView seen, EventType type, string reason, string message) =>
        events.Record(EventSubject.Of(SopsSecret.GroupVersion, SopsSecret.SopsSecretKind, seen.Source.Metadata), type, reason, message);

    /// <summary>A status that cannot be written spoils nothing that was done, so it is reported and tried again with the next pass.</summary>
    private async Task WriteStatusAsync(SopsView seen, SopsOutcome outcome, CancellationToken cancellationToken)
    {
        if (!updateStatus) return;
        var source = seen.Source;
        if (SopsStatus.Next(source.Status, source.Metadata, outcome, time.GetUtcNow(), keepsOurFields) is not { } next) return;
        try
        {
            // The server takes nothing but the status from the body, so the ciphertext need not travel; what the schema requires must.
            var body = source with { Spec = EmptySpec, Sops = null, Status = next };
            var written = await kube.UpdateStatusAsync(SopsSecretKind.Instance, body, cancellationToken).ConfigureAwait(false);
            ledger.StatusWritten(seen.Key, written.Metadata.ResourceVersion);
            if (next.ObservedHash is null || written.Status?.ObservedHash == next.ObservedHash) return;
            if (keepsOurFields) SopsLog.FieldsAreDropped(logger);
            keepsOurFields = false;
        }
        catch (KubeApiException refused) when (refused.IsConflict || refused.IsNotFound)
        {
            // Edited or deleted meanwhile: the event of that wakes the object again.
        }
        catch (KubeApiException refused)
        {
            metrics.SopsErrors.WithLabels("status", seen.Key.Namespace).Inc();
            SopsLog.StatusNotWritten(logger, seen.Key, refused.Code, refused.Reason);
            throw;
        }
    }

    private static SopsSecretSpec EmptySpec { get; } = new() { SecretTemplates = JsonDocument.Parse("[]").RootElement };
}
