using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>One pushing of one PushSecret. A store that fails does not keep the others from theirs, and all that failed is told.</summary>
internal sealed class PushRound(PushStores stores, PushSecret source, PushLedger ledger, TimeProvider time)
{
    private const int MostTold = 5;

    private readonly NamespacedName self = ExternalKinds.PushSecrets.Key(source);
    private readonly List<string> failures = [];
    private readonly List<string> unused = [];
    private TimeSpan? retryAfter;

    /// <summary>What lies where now of what was pushed.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>> Pushed { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields that a store had no use for, and which store.</summary>
    public IReadOnlyList<string> Unused => [.. unused.Distinct(StringComparer.Ordinal)];

    public PushOutcome.Failed? Failure => failures.Count == 0 ? null
        : new PushOutcome.Failed(PushReasons.Errored, $"{PushReasons.SetFailed}: {string.Join("; ", failures.Take(MostTold))}{(failures.Count > MostTold ? $"; and {failures.Count - MostTold} more" : "")}", Final: false, retryAfter, null);

    /// <exception cref="PushException">It is not written so that it could be pushed.</exception>
    public async Task PushAsync(IReadOnlyList<Store> targets, PushedSource from, CancellationToken cancellationToken)
    {
        // All is looked at before anything is written.
        var plans = targets.Select(store => (Store: store, Entries: Plan(store, from, cancellationToken))).ToList();
        foreach (var (store, entries) in plans)
        {
            foreach (var entry in entries) await PushAsync(store, from, entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<PushEntry> Plan(Store store, PushedSource from, CancellationToken cancellationToken)
    {
        try
        {
            return PushPolicy.Plan(source.Spec, store.Identity, PushStores.LabelsOf(store), [.. from.Values.Keys], time, cancellationToken);
        }
        catch (PushException refused)
        {
            throw new PushException($"{PushReasons.SetFailed}: {refused.Message}", refused.IsFinal);
        }
    }

    /// <summary>
    /// The metadata of an entry can say where it goes: when they change, what lies under its name is another thing, wanted no more. That gets a name of its own, and the
    /// entry the one back that it may have had.
    /// </summary>
    private async Task SetApartAsync(Store store, string key, PushEntry entry, CancellationToken cancellationToken)
    {
        var before = ledger.At(self, source, key, entry.Name);
        var isMoved = before is not null && before.Metadata?.GetRawText() != entry.Recorded.Metadata?.GetRawText();
        if (!isMoved && !ledger.HasApart(self, source, key, entry.Name)) return;
        var found = await stores.LocateAsync(store, source.Metadata.Namespace ?? "", [entry.Place, PushEntry.PlaceOf(before ?? entry.Recorded)], cancellationToken).ConfigureAwait(false);
        if (found is not [{ } here, { } there]) return;
        if (here != there) ledger.Renamed(self, source, key, entry.Name, PushEntry.NameAt(entry.Name, there));
        ledger.Renamed(self, source, key, PushEntry.NameAt(entry.Name, here), entry.Name);
    }

    private async Task PushAsync(Store store, PushedSource from, PushEntry entry, CancellationToken cancellationToken)
    {
        var onlyIfAbsent = source.Spec.EffectiveUpdatePolicy == PushSecretSpec.IfNotExists;
        try
        {
            var key = PushStores.KeyOf(store.Identity);
            await SetApartAsync(store, key, entry, cancellationToken).ConfigureAwait(false);
            var left = await stores.PushAsync(store, source.Metadata.Namespace ?? "", from, entry, onlyIfAbsent, cancellationToken).ConfigureAwait(false);
            // What was there already is ours, to be taken back one day, only if we wrote it.
            var lies = left is null ? ledger.At(self, source, key, entry.Name) : entry.Recorded;
            if (lies is null) return;
            ledger.Pushed(self, source, key, entry.Name, lies);
            unused.AddRange((left ?? []).Select(field => $"{entry.Path}.{field} ({key})"));
            if (!Pushed.TryGetValue(key, out var there)) Pushed[key] = there = new(StringComparer.Ordinal);
            there[entry.Name] = lies;
        }
        catch (ProviderException failure)
        {
            failures.Add($"could not write remote ref {entry.Shown} to target secretstore {store.Identity.Name.Name}: {failure.Message}");
            if (failure.RetryAfter is { } asked && (retryAfter is null || asked > retryAfter)) retryAfter = asked;
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            // Told here, so that what was written by now is remembered.
            failures.Add($"could not write remote ref {entry.Shown} to target secretstore {store.Identity.Name.Name}: {InternalError.Describe(failure)}");
        }
    }
}
