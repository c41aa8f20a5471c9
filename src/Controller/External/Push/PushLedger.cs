using System.Collections.Concurrent;
using System.Collections.Immutable;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>
/// What this process knows of each PushSecret that the cache does not show yet, or never will: our own last write, what was pushed from, how often it failed, and what
/// lies where while no status says so: one that could not be written must not cost us what was pushed.
/// After a restart nothing is known of the sources: what was changed meanwhile is pushed when the interval is over, as the original would.
/// </summary>
internal sealed class PushLedger
{
    /// <summary>Of one PushSecret. Far more than a status has room for.</summary>
    internal const int MostPlaces = 10_000;

    private readonly ConcurrentDictionary<NamespacedName, Entry> entries = new();

    public string? MarkOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Mark;

    /// <summary>When what was pushed is pushed anew, since it ends: as this process knows, or else as the status has it, which the original's definition keeps nothing of.</summary>
    public DateTimeOffset? RenewalOf(NamespacedName key, PushSecret source) => entries.GetValueOrDefault(key)?.RenewAt ?? ExternalStatus.Parse(source.Status?.RenewTime);

    public void Renews(NamespacedName key, DateTimeOffset? at) => Change(key, entry => entry with { RenewAt = at });

    public void Seen(NamespacedName key, string mark) => Change(key, entry => entry with { Mark = mark, Failures = 0 });

    /// <summary>Which edition of its generator made what was pushed, or, after a restart, was there then; empty when that is not known.</summary>
    public void Generated(NamespacedName key, string editions) => Change(key, entry => editions.Length == 0 ? entry : entry with { Editions = editions });

    /// <summary>Whether the generator is known to be another than it was.</summary>
    public bool IsGeneratorOther(NamespacedName key, string editions) => editions.Length > 0 && entries.GetValueOrDefault(key)?.Editions is { } known && known != editions;

    /// <summary>What it pushed was taken away by somebody else of ours.</summary>
    public void Disturb(NamespacedName key) => Change(key, entry => entry with { IsDisturbed = true });

    /// <summary>Whether that is so; asked once, by the pass that puts it right.</summary>
    public bool TakeDisturbance(NamespacedName key)
    {
        if (entries.GetValueOrDefault(key)?.IsDisturbed != true) return false;
        Change(key, entry => entry with { IsDisturbed = false });
        return true;
    }

    /// <summary>There is nothing to push from.</summary>
    /// <returns>Since when.</returns>
    public DateTimeOffset Missed(NamespacedName key, DateTimeOffset now) => Change(key, entry => entry with { MissingSince = entry.MissingSince ?? now }).MissingSince!.Value;

    public void Found(NamespacedName key)
    {
        if (entries.GetValueOrDefault(key)?.MissingSince is not null) Change(key, entry => entry with { MissingSince = null });
    }

    /// <returns>Failures in a row before this one.</returns>
    public int Failed(NamespacedName key) => Change(key, entry => entry with { Failures = entry.Failures + 1 }).Failures - 1;

    public void Forget(NamespacedName key) => entries.TryRemove(key, out _);

    public void Written(NamespacedName key, PushSecret written) => Change(key, entry => entry with { Source = written });

    /// <summary>The object as the watch shows it, or as our own last write left it where the watch is behind.</summary>
    public PushSecret Newest(NamespacedName key, PushSecret shown) =>
        entries.GetValueOrDefault(key)?.Source is { } written && written.Metadata.Uid == shown.Metadata.Uid
        && ResourceVersions.IsNewer(written.Metadata.ResourceVersion ?? "", shown.Metadata.ResourceVersion) ? written : shown;

    /// <summary>What lies where: as the status has it, or, where one that says so is still to be written, as this process knows.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>> Lying(NamespacedName key, PushSecret source) => Unwritten(key, source) ?? source.Status?.SyncedPushSecrets ?? [];

    /// <summary>The same, where it is not as the status has it; else null.</summary>
    public SortedDictionary<string, SortedDictionary<string, PushSecretData>>? Unwritten(NamespacedName key, PushSecret source)
    {
        if (PlacesOf(key, source) is not { } places) return null;
        var lying = PushPlaces.None();
        foreach (var ((store, name), data) in places) PushPlaces.Put(lying, store, name, data);
        return lying;
    }

    /// <summary>What lies at this place; null for nothing of ours.</summary>
    public PushSecretData? At(NamespacedName key, PushSecret source, string store, string name) =>
        PlacesOf(key, source) is { } places ? places.GetValueOrDefault((store, name)) : source.Status?.SyncedPushSecrets?.GetValueOrDefault(store)?.GetValueOrDefault(name);

    /// <summary>Whether something of this name lies elsewhere too, under a name of its own.</summary>
    public bool HasApart(NamespacedName key, PushSecret source, string store, string name)
    {
        var start = PushEntry.NameAt(name, "")[..^1];
        return (PlacesOf(key, source) is { } places ? places.Keys.Where(place => place.Store == store).Select(place => place.Name) : source.Status?.SyncedPushSecrets?.GetValueOrDefault(store)?.Keys ?? Enumerable.Empty<string>())
            .Any(known => known.StartsWith(start, StringComparison.Ordinal));
    }

    public void Pushed(NamespacedName key, PushSecret source, string store, string name, PushSecretData data) =>
        Note(key, source, places => places.Count < MostPlaces || places.ContainsKey((store, name)) ? places.SetItem((store, name), data) : places);

    public void TakenBack(NamespacedName key, PushSecret source, string store, string name) => Note(key, source, places => places.Remove((store, name)));

    /// <summary>It lies where it lay, under another name.</summary>
    public void Renamed(NamespacedName key, PushSecret source, string store, string from, string to)
    {
        if (At(key, source, store, from) is { } data) Note(key, source, places => places.Remove((store, from)).SetItem((store, to), data));
    }

    /// <summary>The status says now what lies where.</summary>
    public void Told(NamespacedName key) => Change(key, entry => entry with { Places = null });

    private ImmutableDictionary<(string Store, string Name), PushSecretData>? PlacesOf(NamespacedName key, PushSecret source) =>
        entries.GetValueOrDefault(key) is { Places: { } places } entry && entry.Uid == source.Metadata.Uid ? places : null;

    private void Note(NamespacedName key, PushSecret source, Func<ImmutableDictionary<(string Store, string Name), PushSecretData>, ImmutableDictionary<(string Store, string Name), PushSecretData>> change)
    {
        var places = PlacesOf(key, source)
            ?? (source.Status?.SyncedPushSecrets ?? []).SelectMany(store => store.Value.Select(entry => KeyValuePair.Create((store.Key, entry.Key), entry.Value))).ToImmutableDictionary();
        Change(key, entry => entry with { Uid = source.Metadata.Uid, Places = change(places) });
    }

    private Entry Change(NamespacedName key, Func<Entry, Entry> change) => entries.AddOrUpdate(key, _ => change(new Entry()), (_, entry) => change(entry));

    private sealed record Entry
    {
        public string? Mark { get; init; }
        public string? Editions { get; init; }
        public DateTimeOffset? RenewAt { get; init; }
        public int Failures { get; init; }
        public PushSecret? Source { get; init; }
        public bool IsDisturbed { get; init; }
        public DateTimeOffset? MissingSince { get; init; }

        /// <summary>Of the PushSecret that <see cref="Places"/> are of: another of the same name has pushed nothing yet.</summary>
        public string? Uid { get; init; }

        public ImmutableDictionary<(string Store, string Name), PushSecretData>? Places { get; init; }
    }
}
