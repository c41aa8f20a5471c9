using System.Collections.Concurrent;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>
/// What this process knows of each PushSecret that the cache does not show yet, or never will: our own last write, what was pushed from, how often it failed.
/// After a restart nothing is known of the sources: what was changed meanwhile is pushed when the interval is over, as the original would.
/// </summary>
internal sealed class PushLedger
{
    private readonly ConcurrentDictionary<NamespacedName, Entry> entries = new();

    public string? MarkOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Mark;

    public void Seen(NamespacedName key, string mark) => Change(key, entry => entry with { Mark = mark, Failures = 0 });

    /// <summary>Which edition of its generator made what was pushed, or, after a restart, was there then; empty when that is not known.</summary>
    public void Generated(NamespacedName key, string editions) => Change(key, entry => editions.Length == 0 ? entry : entry with { Editions = editions });

    /// <summary>Whether the generator is known to be another than it was.</summary>
    public bool IsGeneratorOther(NamespacedName key, string editions) => editions.Length > 0 && entries.GetValueOrDefault(key)?.Editions is { } known && known != editions;

    /// <returns>Failures in a row before this one.</returns>
    public int Failed(NamespacedName key) => Change(key, entry => entry with { Failures = entry.Failures + 1 }).Failures - 1;

    public void Forget(NamespacedName key) => entries.TryRemove(key, out _);

    public void Written(NamespacedName key, PushSecret written) => Change(key, entry => entry with { Source = written });

    /// <summary>The object as the watch shows it, or as our own last write left it where the watch is behind.</summary>
    public PushSecret Newest(NamespacedName key, PushSecret shown) =>
        entries.GetValueOrDefault(key)?.Source is { } written && written.Metadata.Uid == shown.Metadata.Uid
        && ResourceVersions.IsNewer(written.Metadata.ResourceVersion ?? "", shown.Metadata.ResourceVersion) ? written : shown;

    private Entry Change(NamespacedName key, Func<Entry, Entry> change) => entries.AddOrUpdate(key, _ => change(new Entry()), (_, entry) => change(entry));

    private sealed record Entry
    {
        public string? Mark { get; init; }
        public string? Editions { get; init; }
        public int Failures { get; init; }
        public PushSecret? Source { get; init; }
    }
}
