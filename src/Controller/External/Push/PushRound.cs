using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>One pushing of one PushSecret. A store that fails does not keep the others from theirs, and all that failed is told.</summary>
internal sealed class PushRound(PushStores stores, PushPass pass, PushLedger ledger, TimeProvider time)
{
    private const int MostTold = 5;

    private readonly PushSecret source = pass.Source;
    private readonly NamespacedName self = pass.Key;
    private readonly List<string> failures = [];
    private readonly List<string> unused = [];
    private readonly List<string> garbled = [];
    private readonly HashSet<string> withoutProperties = new(StringComparer.Ordinal);
    private TimeSpan? retryAfter;
    private bool? keepsMetadata;

    /// <summary>What lies where now of what was pushed.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>> Pushed { get; } = PushPlaces.None();

    /// <summary>Fields that a store had no use for, and which store; and those of the generator that have no effect.</summary>
    public IReadOnlyList<string> Unused => [.. unused.Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a store took the type, labels and annotations along; so far as is known, where nothing was written.</summary>
    public bool KeepsMetadata => keepsMetadata ?? true;

    /// <summary>Items that are no text, went into JSON, and lost something there.</summary>
    public IReadOnlyList<string> Garbled => [.. garbled.Distinct(StringComparer.Ordinal)];

    public PushOutcome.Failed? Failure => failures.Count == 0 ? null
        : new PushOutcome.Failed(PushReasons.Errored, $"{PushReasons.SetFailed}: {string.Join("; ", failures.Take(MostTold))}{(failures.Count > MostTold ? $"; and {failures.Count - MostTold} more" : "")}", Final: false, retryAfter, null);

    public void Tell(PushDraw draw) => unused.AddRange(draw.Unused);

    /// <summary>Whether each place has something already: then nothing need be made for it. Where it is not known, it is not so.</summary>
    public async Task<bool> HaveAllAsync(CancellationToken cancellationToken)
    {
        var there = new List<(string Store, PushSecretData Data)>();
        foreach (var store in pass.Targets)
        {
            if (PushPolicy.PlacesWithoutItems(source.Spec, store.Identity, PushStores.LabelsOf(store)) is not { } places) return false;
            foreach (var data in places)
            {
                if (!await HasAsync(store, data, cancellationToken).ConfigureAwait(false)) return false;
                there.Add((PushStores.KeyOf(store.Identity), data));
            }
        }
        foreach (var (store, data) in there)
        {
            if (ledger.At(self, source, store, PushEntry.NameOf(data)) is { } lies) PushPlaces.Put(Pushed, store, PushEntry.NameOf(data), lies);
        }
        return true;
    }

    /// <exception cref="PushException">Items of two sources would go to one place.</exception>
    public PushPlan Plan(IReadOnlyList<PushedSource> read, CancellationToken cancellationToken)
    {
        var writes = new List<(Store Store, PushedSource From, PushEntry Entry)>();
        PushException? problem = null;
        foreach (var from in read)
        {
            try
            {
                writes.AddRange(pass.Targets.SelectMany(store => Plan(store, from, cancellationToken).Select(entry => (store, from, entry))).ToList());
            }
            catch (PushException refused)
            {
                // As in the original, those before it are pushed all the same.
                problem = refused;
                break;
            }
        }
        return new PushPlan(PushPolicy.Told(writes), problem);
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

    /// <param name="draw">What a generator made; places that have it are left alone.</param>
    public async Task PushAsync(Store store, PushedSource from, PushEntry entry, PushDraw? draw, CancellationToken cancellationToken)
    {
        var key = PushStores.KeyOf(store.Identity);
        if (draw?.HasReached(key, entry.Name, pass.Version) == true)
        {
            PushPlaces.Put(Pushed, key, entry.Name, ledger.At(self, source, key, entry.Name) ?? entry.Recorded);
            return;
        }
        try
        {
            await SetApartAsync(store, key, entry, cancellationToken).ConfigureAwait(false);
            var written = await stores.PushAsync(store, source.Metadata.Namespace ?? "", from, entry, pass.IsIfNotExists, cancellationToken).ConfigureAwait(false);
            if (written is null) draw?.IsPartial = true;
            else draw?.Reach(key, entry.Name, pass.Version);
            // What was there already is ours, to be taken back one day, only if we wrote it.
            var lies = written is null ? ledger.At(self, source, key, entry.Name) : entry.Recorded;
            if (lies is null) return;
            ledger.Pushed(self, source, key, entry.Name, lies);
            PushPlaces.Put(Pushed, key, entry.Name, lies);
            if (written is not null) Tell(key, entry, written);
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

    /// <summary>Whether the store has no properties, and the key was written: what lay there as a property is what was written.</summary>
    public bool IsOverwritten(string store, PushSecretData data) =>
        withoutProperties.Contains(store) && Pushed.TryGetValue(store, out var there) && there.Values.Any(other => other.Match.RemoteRef.RemoteKey == data.Match.RemoteRef.RemoteKey);

    private void Tell(string store, PushEntry entry, PushRequest written)
    {
        keepsMetadata = written.KeepsMetadata || keepsMetadata == true;
        unused.AddRange(written.Unused.Select(field => $"{entry.Path}.{field} ({store})"));
        garbled.AddRange(written.Garbled.Select(item => $"{item} of {entry.Path} ({store})"));
        if (written.Unused.Contains(PushRequest.Property)) withoutProperties.Add(store);
    }

    private async Task<bool> HasAsync(Store store, PushSecretData data, CancellationToken cancellationToken)
    {
        try
        {
            return await stores.HasAsync(store, source.Metadata.Namespace ?? "", PushEntry.PlaceOf(data), cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException)
        {
            return false; // Told when it is to be written there.
        }
    }
}
