using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.States;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>PushSecret → stores. Knows only the key; what woke it does not matter.</summary>
internal sealed class PushReconciler(
    PushCaches caches, GeneratorCaches generators, PushSources sources, PushStores stores, PushMarks marks, PushFinalizer finalizer, PushReport report, PushLedger ledger, StateKeeper states, ObjectSeries metrics,
    TimeProvider time) : IReconciler
{
    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Find(key) is not { } shown) return Gone(key);
        var source = ledger.Newest(key, shown);
        metrics.Began(key);
        var retreat = new PushRetreat(stores, ledger);
        var (outcome, nextLook) = (default(PushOutcome), default(TimeSpan?));
        try
        {
            if (source.Metadata.DeletionTimestamp is not null) outcome = await RetireAsync(key, source, retreat, cancellationToken).ConfigureAwait(false);
            else if (!stores.IsForeign(source))
            {
                source = await finalizer.AlignAsync(source, cancellationToken).ConfigureAwait(false);
                (outcome, nextLook) = await PassAsync(key, source, retreat, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (Told(failure, source, cancellationToken) is { } told)
        {
            outcome = told with { Pushed = ledger.Unwritten(key, source) };
        }

        // e  tell
        return outcome is null ? ReconcileResult.Done : await report.ReportAsync(key, source, outcome, nextLook, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>What is to be told, if anything is, and when to look again.</returns>
    private async Task<(PushOutcome? Outcome, TimeSpan? NextLook)> PassAsync(NamespacedName key, PushSecret source, PushRetreat retreat, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // b  is it due?
        var targets = Targets(source);
        var origin = await sources.FindAsync(source, cancellationToken).ConfigureAwait(false);
        var isGenerated = source.Spec.Selector.GeneratorRef is not null;
        var isMissing = origin.Secrets.Count == 0 && !isGenerated;
        var mark = marks.Of(source, targets, origin);
        var editions = ExternalMark.HashGenerators(generators.Of(PushCaches.GeneratorsOf(source), key.Namespace));
        // What a generator makes is another value each time: an edited store is no reason for one, nor is an edited generator where the interval says never.
        var isGeneratorOther = PushReport.IntervalOf(source) > TimeSpan.Zero && ledger.IsGeneratorOther(key, editions);
        if (!isMissing && !PushPolicy.IsDue(InputsOf(key, source), mark, isGenerated ? null : ledger.MarkOf(key), now) && !isGeneratorOther)
        {
            // What it was pushed from before a restart is not known: from here on it is.
            ledger.Seen(key, mark);
            ledger.Generated(key, editions);
            return (new PushOutcome.Unchanged(), NextLook(key, source, now));
        }
        if (isMissing) return (await MissingAsync(key, source, retreat, cancellationToken).ConfigureAwait(false), null);

        // c  push, d  take back
        var outcome = await PushAsync(key, source, targets, origin, retreat, mark, now, cancellationToken).ConfigureAwait(false);
        return (outcome, After(key, source, outcome, now));
    }

    private async Task<PushOutcome> PushAsync(
        NamespacedName key, PushSecret source, IReadOnlyList<Store> targets, PushOrigin origin, PushRetreat retreat, string mark, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var scope = states.For(ExternalSecretNames.GroupV1Alpha1, PushSecret.PushSecretKind, source.Metadata);
        await using (scope.ConfigureAwait(false))
        {
            var round = new PushRound(stores, source, ledger, time);
            var read = await sources.ReadAsync(source, origin, scope, cancellationToken).ConfigureAwait(false);
            try
            {
                foreach (var from in read) await round.PushAsync(targets, from, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                foreach (var from in read) from.Dispose();
            }
            if (round.Failure is { } failure) return failure with { Pushed = ledger.Unwritten(key, source) };
            if (source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete)
            {
                var removed = PushPolicy.Removed(ledger.Lying(key, source), round.Pushed).ToList();
                if (await retreat.TakeBackAsync(source, removed, cancellationToken).ConfigureAwait(false) is { } refused) return refused;
            }
            await scope.CommitAsync(cancellationToken).ConfigureAwait(false);
            var renewal = PushReport.IntervalOf(source) > TimeSpan.Zero ? RefreshSchedule.Renewal(now, read.Min(from => from.ExpiresAt), SpreadOf(source)) : null;
            ledger.Generated(key, ExternalMark.HashGenerators([.. read.Select(from => from.Generator).OfType<UsedGenerator>()]));
            var message = source.Spec.EffectiveUpdatePolicy == PushSecretSpec.IfNotExists ? PushReasons.SuccessIfNotExists : PushReasons.Success;
            return new PushOutcome.Synced(message + ExternalReasons.Without(round.Unused), ExternalView.VersionOf(source.Metadata), now, mark, round.Pushed) { RenewAt = renewal };
        }
    }

    /// <summary>There is no Secret to push. One that was there, and whose values were to go with it, takes them along.</summary>
    private async Task<PushOutcome?> MissingAsync(NamespacedName key, PushSecret source, PushRetreat retreat, CancellationToken cancellationToken)
    {
        PushOutcome.Failed outcome = new(PushReasons.Errored, PushReasons.NoSource, Final: false, null, ledger.Unwritten(key, source));
        var wasCleaned = source.Status?.Conditions?.Any(condition => condition.Reason == PushReasons.SourceDeleted) == true;
        var isDelete = source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete;
        var pushed = ledger.Lying(key, source);
        if (isDelete && wasCleaned && pushed.Count == 0) return null;
        // Also when all is taken back, and no status could say so yet.
        if (isDelete && (pushed.Count > 0 || outcome.Pushed is not null) && await sources.IsGoneAsync(source, cancellationToken).ConfigureAwait(false))
        {
            outcome = await retreat.TakeBackAsync(source, [.. PushPolicy.Removed(pushed, [])], cancellationToken).ConfigureAwait(false)
                ?? new PushOutcome.Failed(PushReasons.SourceDeleted, PushReasons.CleanedUp, Final: true, null, []);
        }
        return outcome;
    }

    /// <summary>What it pushed goes with it, if that is wanted; the finalizer then goes too, whoever put it there.</summary>
    private async Task<PushOutcome?> RetireAsync(NamespacedName key, PushSecret source, PushRetreat retreat, CancellationToken cancellationToken)
    {
        if (!PushFinalizer.IsOn(source)) return null;
        if (source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete
            && await retreat.TakeBackAsync(source, [.. PushPolicy.Removed(ledger.Lying(key, source), [])], cancellationToken).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }
        await finalizer.RemoveAsync(source, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private IReadOnlyList<Store> Targets(PushSecret source)
    {
        if (PushPolicy.Misdirected(source.Spec) is { } problem) throw new PushException(problem);
        var chosen = stores.Choose(source);
        return PushPolicy.Unmet(source.Spec, [.. chosen.Select(store => (store.Identity, (IReadOnlyDictionary<string, string>)PushStores.LabelsOf(store)))]) is { } nobody ? throw new PushException(nobody) : chosen;
    }

    private static PushOutcome.Failed? Told(Exception failure, PushSecret source, CancellationToken cancellationToken) => failure switch
    {
        PushException push => new(PushReasons.Errored, push.Message, push.IsFinal, null, null),
        ValuesException values => new(PushReasons.Errored, values.Message, Final: false, values.RetryAfter, null),
        ForeignGeneratorException foreign => new(PushReasons.Errored, foreign.Message, Final: false, null, null),
        TargetTemplateException template => new(PushReasons.Errored, $"could not apply template: {template.PublicMessage}", Final: false, null, null),
        ProviderException provider => new(PushReasons.Errored, $"{PushReasons.SetFailed}: {provider.Message}", Final: false, provider.RetryAfter, null),
        // The others say that somebody was quicker: again.
        KubeApiException refused => refused.IsConflict || refused.IsAlreadyExists || refused.IsNotFound ? null : new(PushReasons.Errored, $"{Doing(source)}: {ManifestRefusal.Of(refused)}", Final: false, refused.RetryAfter, null),
        _ => InternalError.Is(failure, cancellationToken) ? new(PushReasons.Errored, $"{Doing(source)}: {InternalError.Describe(failure)}", Final: false, null, null) : null,
    };

    private static string Doing(PushSecret source) => source.Metadata.DeletionTimestamp is null ? PushReasons.SetFailed : PushReasons.DeleteFailed;

    private TimeSpan? After(NamespacedName key, PushSecret source, PushOutcome outcome, DateTimeOffset now) =>
        outcome is PushOutcome.Synced synced ? RefreshSchedule.Wait(InputsOf(key, source) with { RefreshTime = now, RenewAt = synced.RenewAt }, now, () => null) : null;

    private TimeSpan? NextLook(NamespacedName key, PushSecret source, DateTimeOffset now) => RefreshSchedule.Wait(InputsOf(key, source), now, () => TimeSpan.Zero);

    private RefreshInputs InputsOf(NamespacedName key, PushSecret source) => new(
        "", PushReport.IntervalOf(source), IsReady(source) ? source.Status?.SyncedResourceVersion : null, ExternalView.VersionOf(source.Metadata), ExternalStatus.Parse(source.Status?.RefreshTime),
        SpreadOf(source))
    {
        RenewAt = ledger.RenewalOf(key, source),
    };

    private static double SpreadOf(PushSecret source) => RefreshPlan.Spread(source.Metadata.Uid ?? "");

    /// <summary>What failed counts as never pushed, so that it is tried again, also after a restart.</summary>
    private static bool IsReady(PushSecret source) => source.Status?.Conditions?.Any(condition => condition is { Type: Condition.Ready, Status: "True" }) == true;

    private ReconcileResult Gone(NamespacedName key)
    {
        ledger.Forget(key);
        metrics.Forget(key);
        report.Retire(key);
        return ReconcileResult.Done;
    }
}
