using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.States;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Rules;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>ExternalSecret → Secret, or what else it says, in five steps. Knows only the key; what woke it does not matter.</summary>
internal sealed class ExternalReconciler(
    ExternalCaches caches, ValueCollector collector, TargetWriter secrets, ManifestWriter manifests, ExternalReport report, ExternalLedger ledger,
    ExternalRetirement retirement, StoreAccess access, StateKeeper states, ExternalMetrics metrics, TimeProvider time) : IReconciler
{
    /// <summary>A store that has just been made says in a moment whether it is ready, which wakes its users; this is for the case that it does not.</summary>
    private static readonly TimeSpan StoreLook = TimeSpan.FromSeconds(5);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Read(key) is not { } seen) return Gone(key);
        if (seen.IsBeingDeleted) return await RetireAsync(seen, cancellationToken).ConfigureAwait(false);
        if (caches.IsForeign(seen.Source) || caches.IsEnding(key.Namespace)) return ReconcileResult.Done;
        metrics.Sources.Began(key);
        var (outcome, nextLook) = await PassAsync(seen, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return outcome is null ? new ReconcileResult(nextLook) : await report.ReportAsync(seen, outcome, nextLook, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReconcileResult> RetireAsync(ExternalView seen, CancellationToken cancellationToken)
    {
        string cause;
        try
        {
            return await retirement.RetireAsync(seen, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken && !refused.IsNotFound)
        {
            cause = ManifestRefusal.Of(refused);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            cause = InternalError.Describe(failure);
        }
        return await report.ReportAsync(seen, Failed(seen, ExternalReasons.CouldNotDelete, cause, null, []), null, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>What is to be told, if anything is, and when to look again.</returns>
    private async Task<(ExternalOutcome? Outcome, TimeSpan? NextLook)> PassAsync(ExternalView seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var plan = RefreshPlan.For(seen, now);
            if (ExternalSecretRules.Check(seen.Source) is { IsAllowed: false } refused) return (Refused(refused), null);
            IExternalTarget target = seen.IsGeneric ? manifests : secrets;
            (seen, var failure) = await target.LookAsync(seen, cancellationToken).ConfigureAwait(false);
            if (failure is not null) return (failure, null);
            var isRight = !plan.IsDue && (seen.SecretIsUntouched || await target.IsRightAsync(seen, cancellationToken).ConfigureAwait(false));
            if (!plan.IsDue && ledger.Healing.PauseOf(seen.Key, isRight) is { } pause) return (null, RefreshPlan.Sooner(plan.NextLook, pause));
            if (isRight) return (Named(seen, Verified(seen, target, plan)), plan.NextLook);
            if (caches.AwaitsStores(seen.Source) && ledger.MayWait(seen.Key)) return (null, StoreLook);
            var outcome = seen.CreationPolicy == CreationPolicy.None ? target.NothingToWrite(seen, now) : await BringInLineAsync(seen with { IsMending = !plan.IsDue }, target, plan, now, cancellationToken).ConfigureAwait(false);
            return Judged(seen, plan, Named(seen, outcome));
        }
        catch (ForeignGeneratorException)
        {
            return default; // As with a store of another controller's.
        }
        catch (StoreBusyException busy)
        {
            return (ledger.Busy(seen.Key) < StoreBusyException.Unremarkable ? null : Waiting(seen, busy), StoreBusyException.LookAgain);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            return (Failed(seen, ExternalReasons.CouldNotUpdate, ManifestRefusal.Of(refused), refused.RetryAfter, []), null);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            return (Failed(seen, seen.IsGeneric ? ExternalReasons.CouldNotGetResource : ExternalReasons.CouldNotUpdate, InternalError.Describe(failure), null, []), null);
        }
    }

    /// <summary>All is as it should be. Where the condition says otherwise, since somebody undid what was written until a while ago, that is told.</summary>
    private static ExternalOutcome Verified(ExternalView seen, IExternalTarget target, RefreshPlan plan)
    {
        var outcome = target.Verified(seen);
        return !plan.IsHeldBack && seen.Last is { } last && ExternalStatus.SaysItFailed(seen.Source.Status)
            ? new ExternalOutcome.Synced(seen.IsGeneric ? ExternalReasons.ResourceSynced : ExternalReasons.SecretSynced, ExternalReasons.Synced, last, null, [])
            : outcome;
    }

    /// <summary>With the fields that have no effect.</summary>
    private static ExternalOutcome Named(ExternalView seen, ExternalOutcome outcome) => outcome is ExternalOutcome.Synced synced
        ? synced with { Message = synced.Message + ExternalReasons.Without([.. ExternalUnused.Of(seen.Source.Spec), .. synced.Unused]) }
        : outcome;

    /// <summary>What was written is no success where somebody undoes it each time; when that is known, the target is as it should be for once.</summary>
    private (ExternalOutcome Outcome, TimeSpan? NextLook) Judged(ExternalView seen, RefreshPlan plan, ExternalOutcome outcome)
    {
        var nextLook = RefreshPlan.NextLookAfter(seen, outcome, time.GetUtcNow());
        if (outcome is not ExternalOutcome.Synced synced) return (outcome, nextLook);
        // A refresh that finds the target touched puts it right as well.
        string[] mended = synced.Contest is null || seen.SecretIsUntouched ? [] : [seen.Target.Name];
        if (ledger.Healing.Passed(seen.Key, plan.Reason is RefreshReason.First or RefreshReason.Changed, mended) is null) return (outcome, nextLook);
        var contested = Failed(seen, ExternalReasons.CouldNotUpdate, synced.Contest!(), null, synced.Events) with { Undone = synced.Sync };
        return (contested, RefreshPlan.Sooner(nextLook, HealingPace.Quiet));
    }

    private async Task<ExternalOutcome> BringInLineAsync(ExternalView seen, IExternalTarget target, RefreshPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var missing = new List<ExternalEvent>();
        var (doing, began) = (ExternalReasons.CouldNotFetch, time.GetTimestamp());
        var scope = states.For(ExternalSecretNames.GroupV1, ExternalSecret.ExternalSecretKind, seen.Source.Metadata);
        await using var taken = scope.ConfigureAwait(false);
        try
        {
            // Values that nobody gets are not made: those that the Secret keeps would count as replaced.
            if (seen.IsGenerated && await target.KeepAsync(seen, now, cancellationToken).ConfigureAwait(false) is { } kept) return kept;
            // b  fetch
            using var collected = await collector.CollectAsync(seen.Source, plan.Window, cancellationToken).ConfigureAwait(false);
            doing = ExternalReasons.CouldNotUpdate;
            await scope.KeepAsync(collected.States, cancellationToken).ConfigureAwait(false);
            missing.AddRange(collected.Missing.Select(text => ExternalEvent.Normal(ExternalReasons.EventMissing, text)));
            var sync = new LastSync(seen.Version, collected.FetchedAt ?? now, now, new ExternalMark(seen.Inputs, ExternalMark.NoSecret, ExternalMark.HashGenerators(collected.Generators)))
            {
                RenewAt = RefreshPlan.RenewalOf(seen, now, collected.ExpiresAt),
            };
            if (collected.Values.Count == 0 && seen.DeletionPolicy != DeletionPolicy.Merge) return await target.EmptyAsync(seen, sync, missing, cancellationToken).ConfigureAwait(false);

            // c  draft, d  decide, e  write
            var values = collected.Values.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            // Also if the answer to the write is lost.
            scope.GiveOut();
            var outcome = await target.WriteAsync(seen, values, sync, missing, cancellationToken).ConfigureAwait(false);
            if (outcome is not ExternalOutcome.Synced synced)
            {
                scope.Withdraw();
                return outcome;
            }
            await scope.CommitAsync(cancellationToken).ConfigureAwait(false);
            return synced with { Unused = collected.Unused };
        }
        catch (ValuesException failure)
        {
            return Refreshing(failure.Kind is ProviderFailureKind.Unavailable or ProviderFailureKind.Throttled, Failed(seen, ExternalReasons.CouldNotFetch, failure.Message, failure.RetryAfter, missing));
        }
        catch (TargetTemplateException failure)
        {
            scope.Withdraw();
            return new ExternalOutcome.Failed(ExternalReasons.CouldNotUpdate, $"could not apply template: {failure.PublicMessage}", Final: false, null, missing);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            return Failed(seen, ExternalReasons.CouldNotUpdate, ManifestRefusal.Of(refused), refused.RetryAfter, missing);
        }
        catch (Exception failure) when (failure is not (ForeignGeneratorException or StoreBusyException) && InternalError.Is(failure, cancellationToken))
        {
            return Refreshing(isOutage: false, Failed(seen, doing, InternalError.Describe(failure), null, missing));
        }

        // Of what generators alone make, nobody would tell that they work again.
        ExternalOutcome.Failed Refreshing(bool isOutage, ExternalOutcome.Failed failed) =>
            plan.Reason is RefreshReason.Due or RefreshReason.Early && doing == ExternalReasons.CouldNotFetch && ExternalCaches.StoresOf(seen.Source).Any()
                ? failed with { Refresh = new FailedRefresh(seen.Last!.RefreshTime, isOutage, IsOver: isOutage && ExternalCaches.StoresOf(seen.Source).Any(store => access.HasRecovered(store, began))) }
                : failed;
    }

    private static ExternalOutcome.Waiting Waiting(ExternalView seen, StoreBusyException busy) =>
        new(ReasonFor(seen), $"{ExternalReasons.CouldNotFetch}: {busy.Message}");

    private static ExternalOutcome.Failed Failed(ExternalView seen, string message, string cause, TimeSpan? retryAfter, IReadOnlyList<ExternalEvent> events) =>
        new(message, cause, Final: false, retryAfter, events) { Reason = ReasonFor(seen) };

    private static string ReasonFor(ExternalView seen) => seen.IsGeneric ? ExternalReasons.ResourceSyncedError : ExternalReasons.SecretSyncedError;

    /// <summary>The admission webhook would not have let it in; without it this is where its author learns why. Nothing is fetched, and the Secret stays as it is.</summary>
    private static ExternalOutcome.Failed Refused(RuleFinding finding) => new(ExternalReasons.NotValid, finding.Sentence, Final: true, null, []);

    /// <summary>The ExternalSecret is gone. Its Secret goes by garbage collection.</summary>
    private ReconcileResult Gone(NamespacedName key)
    {
        report.Retire(key);
        ledger.Forget(key);
        metrics.Sources.Forget(key);
        return ReconcileResult.Done;
    }
}
