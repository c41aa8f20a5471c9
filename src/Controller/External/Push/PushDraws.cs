using System.Collections.Concurrent;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.States;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>
/// What generators made for PushSecrets, until all stores have it: who tries again gives the same to those that lack it, and nobody gets another password because a
/// neighbour is down. In memory only; a restart makes another.
/// </summary>
internal sealed class PushDraws(GeneratorRunner generators, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<NamespacedName, PushDraw> held = new();
    private readonly ConcurrentDictionary<NamespacedName, List<(IReadOnlyList<GeneratorState> States, HashSet<(string Store, string Name)> Places)>> earlier = new();

    /// <param name="editions">Of the generator as it is now; empty when that is not known.</param>
    /// <exception cref="ValuesException">The generator failed.</exception>
    public async Task<PushDraw> DrawAsync(PushSecret source, GeneratorRef generator, string editions, StateScope scope, CancellationToken cancellationToken)
    {
        var key = ExternalKinds.PushSecrets.Key(source);
        if (held.TryGetValue(key, out var before))
        {
            if (Serves(before, source, generator, editions))
            {
                scope.Adopt(before.States);
                scope.GiveOut();
                return before;
            }
            if (before.States.Count > 0) earlier.GetOrAdd(key, _ => []).Add((before.States, [.. before.Places]));
            Withdraw(key);
        }
        var run = await generators.GenerateAsync(generator, source.Metadata.Namespace ?? "", cancellationToken).ConfigureAwait(false);
        try
        {
            if (run.State is { } state) await scope.KeepAsync([state], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            run.Values.Dispose();
            throw;
        }
        var now = time.GetUtcNow();
        return held[key] = new PushDraw(run.Values, run.Used, [.. scope.Made], now, RefreshSchedule.Renewal(now, run.ExpiresAt, PushPass.SpreadOf(source)))
        {
            Unused = [.. run.Unused.Select(field => $"{field} of {generator.Kind} {generator.Name} (spec.selector)")],
        };
    }

    /// <summary>Not all stores have it yet: what was made before, and lies nowhere any more, goes.</summary>
    public async Task ReplacedAsync(NamespacedName key, PushDraw by, StateScope scope, CancellationToken cancellationToken)
    {
        if (!earlier.TryGetValue(key, out var all)) return;
        foreach (var (states, places) in all)
        {
            places.ExceptWith(by.Places);
            if (places.Count == 0) await scope.ExpireAsync(states, cancellationToken).ConfigureAwait(false);
        }
        all.RemoveAll(entry => entry.Places.Count == 0);
    }

    /// <summary>It is where it belongs, or nowhere, or nobody wants it any more.</summary>
    public void Forget(NamespacedName key)
    {
        earlier.TryRemove(key, out _);
        Withdraw(key);
    }

    public void Dispose()
    {
        foreach (var key in held.Keys) Forget(key);
    }

    /// <summary>Nobody got it.</summary>
    public void Withdraw(NamespacedName key)
    {
        if (held.TryRemove(key, out var draw)) draw.Dispose();
    }

    /// <summary>For as long as the interval says, and while the generator is the one that made it.</summary>
    private bool Serves(PushDraw draw, PushSecret source, GeneratorRef generator, string editions)
    {
        var made = ExternalMark.HashGenerators([draw.Used]);
        var interval = PushReport.IntervalOf(source);
        return draw.Used.Reference == generator
            && (made.Length == 0 || editions.Length == 0 || made == editions)
            && (draw.RenewAt is not { } end || end > time.GetUtcNow())
            && (interval <= TimeSpan.Zero || draw.At + interval > time.GetUtcNow());
    }
}
