using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.States;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Brings the stores of a PushSecret in line: generates or reads, writes, takes back.</summary>
internal sealed class PushWriter(PushSources sources, PushStores stores, PushDraws draws, PushRetreat retreat, PushLedger ledger, StateKeeper states, TimeProvider time)
{
    /// <exception cref="PushException">It is not written so that it could be pushed.</exception>
    public async Task<PushOutcome> WriteAsync(PushPass pass, CancellationToken cancellationToken)
    {
        var scope = states.For(ExternalSecretNames.GroupV1Alpha1, PushSecret.PushSecretKind, pass.Source.Metadata);
        await using var taken = scope.ConfigureAwait(false);
        var round = new PushRound(stores, pass, ledger, time);
        var generator = pass.Source.Spec.Selector.GeneratorRef;
        // Values that nobody gets are not made: those that the stores keep would count as replaced.
        var isKept = generator is not null && pass.IsIfNotExists && await round.HaveAllAsync(cancellationToken).ConfigureAwait(false);
        var draw = generator is null || isKept ? null : await draws.DrawAsync(pass.Source, generator, pass.Editions, scope, cancellationToken).ConfigureAwait(false);
        if (draw is not null) round.Tell(draw);
        var refused = isKept ? null : await PushAsync(pass, round, draw, scope, cancellationToken).ConfigureAwait(false);
        if ((round.Failure ?? refused) is { } failure)
        {
            if (draw is not null) await draws.ReplacedAsync(pass.Key, draw, scope, cancellationToken).ConfigureAwait(false);
            return failure with { Pushed = ledger.Unwritten(pass.Key, pass.Source) };
        }
        if (pass.IsDelete)
        {
            var removed = PushPolicy.Removed(ledger.Lying(pass.Key, pass.Source), round.Pushed).Where(entry => !round.IsOverwritten(entry.Store, entry.Data)).ToList();
            if (await retreat.TakeBackAsync(pass.Source, removed, cancellationToken).ConfigureAwait(false) is { } left) return left;
        }
        await SettleAsync(pass, draw, isKept, scope, cancellationToken).ConfigureAwait(false);
        var message = pass.IsIfNotExists ? PushReasons.SuccessIfNotExists : PushReasons.Success;
        if (pass.Source.Spec is { Data: not { Count: > 0 }, DataTo: not { Count: > 0 } }) message += PushReasons.NothingToPush;
        return new PushOutcome.Synced(message + ExternalReasons.Without([.. PushUnused.Of(pass.Source.Spec, round.KeepsMetadata), .. round.Unused]) + PushReasons.NoText(round.Garbled), ExternalView.VersionOf(pass.Source.Metadata), pass.Now, pass.Mark, round.Pushed)
        {
            RenewAt = draw is { IsNowhere: false } && PushReport.IntervalOf(pass.Source) > TimeSpan.Zero ? draw.RenewAt : null,
        };
    }

    /// <returns>What could not be taken back before; null when nothing was to be, or all was.</returns>
    private async Task<PushOutcome.Failed?> PushAsync(PushPass pass, PushRound round, PushDraw? draw, StateScope scope, CancellationToken cancellationToken)
    {
        IReadOnlyList<PushedSource> read = [];
        try
        {
            read = await sources.ReadAsync(pass.Source, pass.Origin, draw, cancellationToken).ConfigureAwait(false);
            var plan = round.Plan(read, cancellationToken);
            PushOutcome.Failed? refused = null;
            if (pass.IsDelete && plan.Problem is null)
            {
                refused = await retreat.TakeBackAsync(pass.Source, [.. PushPolicy.Displaced(ledger.Lying(pass.Key, pass.Source), plan.Wanted())], cancellationToken).ConfigureAwait(false);
            }
            // Also if the answer to a write is lost.
            if (plan.Writes.Count > 0) scope.GiveOut();
            foreach (var (store, from, entry) in plan.Writes) await round.PushAsync(store, from, entry, draw, cancellationToken).ConfigureAwait(false);
            return plan.Problem is null ? refused : throw plan.Problem;
        }
        finally
        {
            foreach (var from in read) from.Dispose();
            if (!scope.IsOut) draws.Withdraw(pass.Key);
        }
    }

    /// <summary>What was made before may go when nobody has it any more.</summary>
    private async Task SettleAsync(PushPass pass, PushDraw? draw, bool isKept, StateScope scope, CancellationToken cancellationToken)
    {
        if (isKept)
        {
            ledger.Generated(pass.Key, pass.Editions);
            return;
        }
        if (draw is { IsNowhere: true }) scope.Withdraw();
        else if (draw is not { IsPartial: true }) await scope.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (draw is null) return;
        ledger.Generated(pass.Key, ExternalMark.HashGenerators([draw.Used]));
        draws.Forget(pass.Key);
    }
}
