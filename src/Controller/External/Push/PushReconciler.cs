using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>PushSecret → stores. Knows only the key; what woke it does not matter.</summary>
internal sealed class PushReconciler(
    PushCaches caches, GeneratorCaches generators, PushSources sources, PushStores stores, PushMarks marks, PushFinalizer finalizer, PushWriter writer, PushDraws draws, PushRetreat retreat, PushReport report,
    PushLedger ledger, ObjectSeries metrics, TimeProvider time) : IReconciler
{
    /// <summary>A Secret that is replaced is gone for a moment; what was pushed need not go with it, and come back.</summary>
    private static readonly TimeSpan Vacancy = TimeSpan.FromSeconds(2);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Find(key) is not { } shown) return Gone(key);
        var source = ledger.Newest(key, shown);
        metrics.Began(key);
        var (outcome, nextLook) = (default(PushOutcome), default(TimeSpan?));
        try
        {
            if (source.Metadata.DeletionTimestamp is not null) outcome = await RetireAsync(key, source, cancellationToken).ConfigureAwait(false);
            else if (!stores.IsForeign(source) && !stores.IsEnding(key.Namespace))
            {
                source = await finalizer.AlignAsync(source, cancellationToken).ConfigureAwait(false);
                (outcome, nextLook) = await PassAsync(key, source, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (Told(failure, source, cancellationToken) is { } told)
        {
            outcome = told with { Pushed = ledger.Unwritten(key, source) };
        }

        // e  tell
        return outcome is null ? new ReconcileResult(nextLook) : await report.ReportAsync(key, source, outcome, nextLook, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>What is to be told, if anything is, and when to look again.</returns>
    private async Task<(PushOutcome? Outcome, TimeSpan? NextLook)> PassAsync(NamespacedName key, PushSecret source, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // b  is it due?
        var targets = Targets(source);
        var lying = ledger.Lying(key, source);
        var origin = await sources.FindAsync(source, (secret, stop) => stores.HoldAsync(lying, secret, stop), cancellationToken).ConfigureAwait(false);
        var isGenerated = source.Spec.Selector.GeneratorRef is not null;
        var isMissing = origin.Secrets.Count == 0 && !isGenerated;
        var mark = marks.Of(source, targets, origin);
        var editions = ExternalMark.HashGenerators(generators.Of(PushCaches.GeneratorsOf(source), key.Namespace));
        // What a generator makes is another value each time: an edited store is no reason for one, nor is an edited generator where the interval says never.
        var isGeneratorOther = PushReport.IntervalOf(source) > TimeSpan.Zero && ledger.IsGeneratorOther(key, editions);
        if (!isMissing) ledger.Found(key);
        var isDue = ledger.TakeDisturbance(key) || isGeneratorOther || PushPolicy.IsDue(InputsOf(key, source), mark, isGenerated ? null : ledger.MarkOf(key), now);
        if (!isMissing && !isDue)
        {
            // What it was pushed from before a restart is not known: from here on it is.
            ledger.Seen(key, mark);
            ledger.Generated(key, editions);
            return (new PushOutcome.Unchanged(), NextLook(key, source, now));
        }
        if (isMissing) return await MissingAsync(key, source, now, cancellationToken).ConfigureAwait(false);

        // c  push, d  take back
        var outcome = await writer.WriteAsync(new PushPass(source, targets, origin, mark, editions, now), cancellationToken).ConfigureAwait(false);
        return (outcome, After(key, source, outcome, now));
    }

    /// <summary>There is no Secret to push. One that was there, and whose values were to go with it, takes them along.</summary>
    private async Task<(PushOutcome? Outcome, TimeSpan? NextLook)> MissingAsync(NamespacedName key, PushSecret source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        PushOutcome.Failed outcome = new(PushReasons.Errored, PushReasons.NoSource, Final: false, null, ledger.Unwritten(key, source));
        var wasCleaned = source.Status?.Conditions?.Any(condition => condition.Reason == PushReasons.SourceDeleted) == true;
        var isDelete = source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete;
        var pushed = ledger.Lying(key, source);
        if (isDelete && wasCleaned && pushed.Count == 0) return (null, null);
        // Also when all is taken back, and no status could say so yet.
        if (isDelete && (pushed.Count > 0 || outcome.Pushed is not null) && await sources.IsGoneAsync(source, cancellationToken).ConfigureAwait(false))
        {
            var left = ledger.Missed(key, now) + Vacancy - now;
            if (pushed.Count > 0 && left > TimeSpan.Zero) return (null, left);
            outcome = await retreat.TakeBackAsync(source, [.. PushPolicy.Removed(pushed, [])], cancellationToken).ConfigureAwait(false)
                ?? new PushOutcome.Failed(PushReasons.SourceDeleted, PushReasons.CleanedUp, Final: true, null, []);
        }
        return (outcome, null);
    }

    /// <summary>What it pushed goes with it, if that is wanted; the finalizer then goes too, whoever put it there.</summary>
    private async Task<PushOutcome?> RetireAsync(NamespacedName key, PushSecret source, CancellationToken cancellationToken)
    {
        draws.Forget(key);
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
        if ((PushPolicy.Unreadable(source.Spec) ?? PushPolicy.Unselected(source.Spec) ?? PushPolicy.Misdirected(source.Spec)) is { } problem) throw new PushException(problem);
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
        KubeApiException refused => refused.IsOvertaken || refused.IsNotFound ? null : new(PushReasons.Errored, $"{Doing(source)}: {ManifestRefusal.Of(refused)}", Final: false, refused.RetryAfter, null),
        _ => InternalError.Is(failure, cancellationToken) ? new(PushReasons.Errored, $"{Doing(source)}: {InternalError.Describe(failure)}", Final: false, null, null) : null,
    };

    private static string Doing(PushSecret source) => source.Metadata.DeletionTimestamp is null ? PushReasons.SetFailed : PushReasons.DeleteFailed;

    private TimeSpan? After(NamespacedName key, PushSecret source, PushOutcome outcome, DateTimeOffset now) =>
        outcome is PushOutcome.Synced synced ? RefreshSchedule.Wait(InputsOf(key, source) with { RefreshTime = now, RenewAt = synced.RenewAt }, now, () => null) : null;

    private TimeSpan? NextLook(NamespacedName key, PushSecret source, DateTimeOffset now) => RefreshSchedule.Wait(InputsOf(key, source), now, () => TimeSpan.Zero);

    private RefreshInputs InputsOf(NamespacedName key, PushSecret source)
    {
        var (synced, version, interval) = (IsReady(source) ? source.Status?.SyncedResourceVersion : null, ExternalView.VersionOf(source.Metadata), PushReport.IntervalOf(source));
        // What is made once is another for an edited spec, and not for a label.
        if (source.Spec.Selector.GeneratorRef is not null && interval <= TimeSpan.Zero) (synced, version) = (synced is null ? null : Generation(synced), Generation(version));
        return new("", interval, synced, version, ExternalStatus.Parse(source.Status?.RefreshTime), PushPass.SpreadOf(source)) { RenewAt = ledger.RenewalOf(key, source) };
    }

    private static string Generation(string version) => version.Split('-')[0];

    /// <summary>What failed counts as never pushed, so that it is tried again, also after a restart.</summary>
    private static bool IsReady(PushSecret source) => source.Status?.Conditions?.Any(condition => condition is { Type: Condition.Ready, Status: "True" }) == true;

    private ReconcileResult Gone(NamespacedName key)
    {
        ledger.Forget(key);
        draws.Forget(key);
        metrics.Forget(key);
        report.Retire(key);
        return ReconcileResult.Done;
    }
}
