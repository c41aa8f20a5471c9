using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>SopsSecret → Secrets, in six steps. Knows only the key; what woke it does not matter.</summary>
internal sealed class SopsReconciler(
    SopsCaches caches, SopsKeySources keys, SopsOpener opener, SecretWriter writer, SopsOrphans orphans, WorkloadRestarter restarter, SopsReport report, SopsLedger ledger, bool takesOver, Metrics metrics) : IReconciler
{
    /// <summary>When to look again while our own last write has not come back; its event normally comes first.</summary>
    private static readonly TimeSpan EchoPoll = TimeSpan.FromSeconds(5);

    /// <summary>As of a SealedSecret: what is invalid stays so, unless a policy of the cluster changes.</summary>
    private static readonly TimeSpan InvalidRetry = TimeSpan.FromHours(1);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        var touch = ledger.Touches.Of(key);
        if (caches.Read(key) is not { } seen)
        {
            report.Retire(key);
            return ReconcileResult.Done;
        }
        if (seen.IsBeingDeleted) return ReconcileResult.Done;
        if (ledger.IsAhead(seen)) return new ReconcileResult(EchoPoll);
        if (!seen.SourceChanged && !seen.IsRequested && ledger.Healing.PauseOf(key, seen.IsUnchanged) is { } pause) return new ReconcileResult(pause);
        var outcome = seen.IsSuspended ? new SopsOutcome.Suspended() : seen.IsUnchanged ? AsBefore(seen) : await OpenAsync(seen, cancellationToken).ConfigureAwait(false);
        var result = await report.ReportAsync(seen, outcome, cancellationToken).ConfigureAwait(false);
        ledger.Touches.LookedInto(key, touch);
        return result;
    }

    private async Task<SopsOutcome> OpenAsync(SopsView seen, CancellationToken cancellationToken)
    {
        var isOpen = false;
        try
        {
            // b  decrypt
            metrics.SopsDecryptions.Inc();
            ledger.Begin(seen.Key);
            using var opened = await opener.OpenAsync(seen.Source, cancellationToken).ConfigureAwait(false);
            isOpen = true;
            return await BringInLineAsync(seen, opened, cancellationToken).ConfigureAwait(false);
        }
        catch (SopsRefusedException refused)
        {
            var final = !refused.MayPass && (refused.Reason != SopsReason.NoKey || (seen.SeesEverySecret && !keys.HasUnwatched));
            return new SopsOutcome.Failed(refused.Reason, SopsOutcome.DecryptionError, refused.Message, final);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            return new SopsOutcome.Failed(SopsReason.ApiRefused, SopsOutcome.DecryptionError, ManifestRefusal.Of(refused, ClusterKinds.SecretResource), Final: false);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            return new SopsOutcome.Failed(InternalError.Reason, isOpen ? SopsOutcome.UpdateError : SopsOutcome.DecryptionError, InternalError.Describe(failure), Final: false);
        }
    }

    private async Task<SopsOutcome> BringInLineAsync(SopsView seen, OpenedSopsSecret opened, CancellationToken cancellationToken)
    {
        var present = new List<Secret>();
        SopsOutcome.Failed? failed = null;
        var inTheWay = new List<string>();
        var written = new OrderedDictionary<string, Secret?>(StringComparer.Ordinal);
        foreach (var declared in opened.Secrets)
        {
            var existing = default(Secret);
            try
            {
                // c  draft
                var draft = Draft(seen.Source, declared.Secret);
                var name = new NamespacedName(seen.Key.Namespace, declared.Secret.Metadata.Name!);

                // d  decide
                existing = await writer.FindAsync(name, cancellationToken).ConfigureAwait(false);
                var decision = new WritePolicy(draft, existing, seen.SourceChanged).Decide();
                if (decision.Refusal is { } refusal)
                {
                    var isForeign = refusal.Finding == WriteRefusal.Unmanaged;
                    inTheWay.Add(name.Name);
                    failed ??= new SopsOutcome.Failed(isForeign ? SopsReason.NotOwned : SopsReason.WriteFailed, isForeign ? SopsOutcome.NotOwned : SopsOutcome.UpdateError, refusal.Message, seen.SeesEverySecret);
                    continue;
                }

                // e  write
                var now = await writer.WriteAsync(decision, cancellationToken).ConfigureAwait(false);
                if (now is not null) ledger.SecretWritten(seen.Key, seen.Source.Metadata.Uid, name, now.Metadata.ResourceVersion);
                await restarter.AfterWriteAsync(EventSubject.Of(SopsSecret.GroupVersion, SopsSecret.SopsSecretKind, seen.Source.Metadata), seen.Source.Metadata, existing, now, cancellationToken).ConfigureAwait(false);
                if (now is not null) written[name.Name] = existing;
                present.Add((now ?? existing)!);
            }
            catch (KubeApiException refused) when (!refused.IsOvertaken)
            {
                failed ??= new SopsOutcome.Failed(SopsReason.WriteFailed, existing is null ? SopsOutcome.CreationError : SopsOutcome.UpdateError, ManifestRefusal.Of(refused, ClusterKinds.SecretResource), refused.IsRejected) { LookAgain = refused.IsRejected ? InvalidRetry : null };
            }
        }
        // f  take back, last: a name that cannot be had costs nobody the Secret of the name before
        var undeclared = SopsOrphans.Of(seen, opened);
        if (failed is not null) return await orphans.HoldAsync(seen, undeclared, failed with { InTheWay = inTheWay }, cancellationToken).ConfigureAwait(false);
        var (removed, trouble) = await orphans.DeleteAsync(seen, undeclared, cancellationToken).ConfigureAwait(false);
        if (trouble is not null) return new SopsOutcome.Failed(SopsReason.WriteFailed, SopsOutcome.UpdateError, trouble, Final: false);
        var mark = new SopsMark(seen.Inputs, SopsMark.HashSecrets(present));
        return ledger.Healing.Passed(seen.Key, seen.SourceChanged, written.Keys) is { } contested
            ? Undone(contested, written[contested], mark)
            : new SopsOutcome.Synced(mark, opened.Mac, present.Count, written.Count > 0 || removed);
    }

    private SecretDraft Draft(SopsSecret source, Secret declared)
    {
        var owner = new OwnerReference { ApiVersion = SopsSecret.GroupVersion, Kind = SopsSecret.SopsSecretKind, Name = source.Metadata.Name!, Uid = source.Metadata.Uid!, Controller = true };
        var secret = declared with { Metadata = declared.Metadata with { Namespace = source.Metadata.Namespace, OwnerReferences = [owner] } };
        return new SecretDraft(secret, source.Metadata.Uid!, SopsSecret.SopsSecretKind)
        {
            ManagedAnnotation = SopsSecretAnnotations.Managed,
            TakesOver = source.Spec.EnforceOwnership ?? takesOver,
            Reserved = caches.Reserved,
        };
    }

    private static SopsOutcome.Failed Undone(string secret, Secret? existing, SopsMark mark) =>
        new(SopsReason.WriteFailed, existing is null ? SopsOutcome.CreationError : SopsOutcome.UpdateError, SecretContest.Told($"the Secret \"{secret}\"", existing?.Metadata), Final: false) { Undone = mark, LookAgain = HealingPace.Quiet };

    private static SopsOutcome.Synced AsBefore(SopsView seen) => new(seen.LastMark!.Value, Mac: null, seen.SeesEverySecret ? seen.Secrets.Count : null, Written: false);
}
