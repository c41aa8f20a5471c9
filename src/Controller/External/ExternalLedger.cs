using System.Collections.Concurrent;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What this process knows of each ExternalSecret that the caches do not show yet, or never will: what it synced last, what it wrote, how often it failed, and
/// since when somebody wants newer values.
/// </summary>
internal sealed class ExternalLedger(TimeProvider time)
{
    /// <summary>A written Secret that the watch has not shown by then never will be: created and deleted again while the watch was down.</summary>
    private static readonly TimeSpan EchoDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<NamespacedName, Entry> entries = new();

    /// <summary>What was synced last, if it was in this process.</summary>
    public LastSync? SyncOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Sync;

    public void Synced(NamespacedName key, LastSync sync) => Change(key, entry =>
    {
        // The target was found to be right; that it could not be refreshed stands.
        var isPutOff = entry.PutOff?.Refresh.Of == sync.RefreshTime;
        return entry with
        {
            Sync = sync,
            Failures = isPutOff ? entry.Failures : 0,
            PutOff = isPutOff ? entry.PutOff : null,
            WaitsSince = null,
            BusySince = null,
            Demand = StillOpen(entry.Demand, sync.StartedAt),
            News = StillOpen(entry.News, sync.StartedAt),
        };
    });

    public int Failed(NamespacedName key) => Change(key, entry => entry with { Failures = entry.Failures + 1, BusySince = null }).Failures - 1;

    /// <summary>Whether the last pass failed.</summary>
    public bool IsFailing(NamespacedName key) => entries.GetValueOrDefault(key) is { Failures: > 0 };

    /// <summary>A refresh failed, and is not tried again before its time.</summary>
    /// <param name="wait">Until then.</param>
    /// <param name="soonest">Until it may be tried when the store is known to answer.</param>
    public void PutOff(NamespacedName key, FailedRefresh refresh, TimeSpan wait, TimeSpan soonest) => Change(key, entry =>
        entry with { PutOff = new PutOffRefresh(refresh, entry.PutOff?.Refresh.Of == refresh.Of ? entry.PutOff.Failures + 1 : 1, time.GetTimestamp(), wait, soonest) });

    /// <summary>For how long a refresh that failed is not tried again; zero when none did.</summary>
    /// <param name="refreshed">When the values were fetched that are there.</param>
    public TimeSpan LeftAloneFor(NamespacedName key, DateTimeOffset? refreshed)
    {
        if (entries.GetValueOrDefault(key)?.PutOff is not { } put || put.Refresh.Of != refreshed) return TimeSpan.Zero;
        var left = put.Wait - time.GetElapsedTime(put.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>A store is ready again: a refresh that failed is made up for, no faster than other failures are tried again.</summary>
    /// <returns>Whether there is one.</returns>
    public bool StoreIsReady(NamespacedName key) => Ease(key, _ => true);

    /// <summary>The same: it answers again.</summary>
    public bool StoreAnswers(NamespacedName key) => Ease(key, put => put.Refresh.IsOutage);

    /// <summary>The same: it was found to be well. That an outage is over which nobody else noticed shows the first time; the second time it was none.</summary>
    public bool StoreIsWell(NamespacedName key) => Ease(key, put => put.Refresh.IsOutage && put.Failures == 1);

    /// <summary>What may have been the reason of a refresh that failed is another now.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Release(NamespacedName key)
    {
        if (entries.GetValueOrDefault(key)?.PutOff is null) return false;
        Change(key, entry => entry with { PutOff = null });
        return true;
    }

    /// <summary>Something that the values or the Secret depend on has changed: at the next pass both are made anew.</summary>
    public void Demand(NamespacedName key) => Change(key, entry => entry with { Demand = time.GetUtcNow(), Failures = 0, PutOff = null });

    /// <summary>Since when newer values are wanted than those that were synced.</summary>
    public DateTimeOffset? DemandOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Demand;

    /// <summary>A value is said to be another than the one that was synced. What was kept of it is forgotten already, so the next pass brings the new one.</summary>
    public void Tell(NamespacedName key) => Change(key, entry => entry with { News = time.GetUtcNow() });

    /// <summary>Since when a value is said to be another than the one that was synced.</summary>
    public DateTimeOffset? NewsOf(NamespacedName key) => entries.GetValueOrDefault(key)?.News;

    /// <summary>The watch shows an object of this name that it did not show before. What is remembered of a predecessor says nothing of it.</summary>
    /// <param name="isNew">It was not synced yet, by this process or, before a restart, by its predecessor.</param>
    public void Appeared(NamespacedName key, bool isNew) => entries[key] = new Entry { Appeared = isNew ? time.GetUtcNow() : null };

    /// <summary>Since when an object is there that was new then, as far as this process has seen.</summary>
    public DateTimeOffset? AppearanceOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Appeared;

    /// <summary>When its target was last seen to go.</summary>
    public DateTimeOffset? LossOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Lost;

    /// <summary>Whether the object may go on waiting, without a word, for what is about to come.</summary>
    public bool MayWait(NamespacedName key)
    {
        var now = time.GetUtcNow();
        return now - Change(key, entry => entry.WaitsSince is null ? entry with { WaitsSince = now } : entry).WaitsSince < LongestWait;
    }

    /// <summary>A store has no room for it to wait.</summary>
    /// <returns>For how long it has been so.</returns>
    public TimeSpan Busy(NamespacedName key)
    {
        var now = time.GetUtcNow();
        return now - Change(key, entry => entry.BusySince is null ? entry with { BusySince = now } : entry).BusySince!.Value;
    }

    /// <summary>How often targets are put right that somebody writes against.</summary>
    public HealingPace Healing { get; } = new(time);

    public void Forget(NamespacedName key)
    {
        entries.TryRemove(key, out _);
        Healing.Forget(key);
    }

    /// <summary>The object with the status that we wrote; the watch will show it.</summary>
    public void StatusWritten(NamespacedName key, ExternalSecret written) => Change(key, entry => entry with { Source = written });

    /// <summary>The object as the watch shows it, or as our own last write left it where the watch is behind.</summary>
    public ExternalSecret Newest(NamespacedName key, ExternalSecret shown)
    {
        if (entries.GetValueOrDefault(key)?.Source is not { } written) return shown;
        if (written.Metadata.Uid == shown.Metadata.Uid && ResourceVersions.IsNewer(written.Metadata.ResourceVersion ?? "", shown.Metadata.ResourceVersion)) return written;
        Change(key, entry => ReferenceEquals(entry.Source, written) ? entry with { Source = null } : entry);
        return shown;
    }

    /// <summary>A Secret was written for this object; the watch will show it.</summary>
    public void Wrote(NamespacedName key, NamespacedName secret, string? uid, string? version) =>
        Change(key, entry => entry with { Echo = new Echo(secret, uid, version, time.GetUtcNow()) });

    /// <summary>The Secret that was written for this object last, if it was in this process: also where the watch does not show it yet.</summary>
    public NamespacedName? WrittenSecret(NamespacedName key) => entries.GetValueOrDefault(key)?.Echo?.Secret;

    /// <summary>How the target, which is no Secret, looked when it was last right.</summary>
    public void Shaped(NamespacedName key, string? shape) => Change(key, entry => entry with { Shape = shape });

    public string? ShapeOf(NamespacedName key) => entries.GetValueOrDefault(key)?.Shape;

    /// <summary>The watch says that the target is gone: what we wrote is gone too.</summary>
    public void TargetGone(NamespacedName key, NamespacedName target) => Change(key, entry => entry with { Lost = time.GetUtcNow(), Echo = entry.Echo?.Secret == target ? null : entry.Echo });

    /// <summary>Whether this version of the Secret is the one that we wrote last: nothing new to us.</summary>
    public bool IsEcho(NamespacedName key, NamespacedName secret, string? version) =>
        version is not null && entries.GetValueOrDefault(key)?.Echo is { } echo && echo.Secret == secret && echo.Version == version;

    /// <summary>UID and version of the Secret: as the watch shows it, or as we wrote it where the watch is behind.</summary>
    public (string? Uid, string? Version)? SecretOf(NamespacedName key, NamespacedName secret, string? uid, string? version)
    {
        if (entries.GetValueOrDefault(key)?.Echo is { } echo && echo.Secret == secret && echo.Version is not null
            && time.GetUtcNow() - echo.Since < EchoDeadline && (version is null || ResourceVersions.IsNewer(echo.Version, version)))
        {
            return (echo.Uid, echo.Version);
        }
        return version is null ? null : (uid, version);
    }

    private bool Ease(NamespacedName key, Predicate<PutOffRefresh> concerns)
    {
        if (entries.GetValueOrDefault(key)?.PutOff is not { } put || !concerns(put)) return false;
        Change(key, entry => ReferenceEquals(entry.PutOff, put) ? entry with { PutOff = put with { Wait = put.Soonest } } : entry);
        return true;
    }

    /// <summary>What is wanted, if that came after what was done. A demand of the future is from before the clock was set back, and was met.</summary>
    private DateTimeOffset? StillOpen(DateTimeOffset? demand, DateTimeOffset done) => demand > done && demand <= time.GetUtcNow() ? demand : null;

    private Entry Change(NamespacedName key, Func<Entry, Entry> change) => entries.AddOrUpdate(key, _ => change(new Entry()), (_, entry) => change(entry));

    private sealed record Entry
    {
        public LastSync? Sync { get; init; }
        public int Failures { get; init; }
        public DateTimeOffset? Demand { get; init; }
        public DateTimeOffset? News { get; init; }
        public DateTimeOffset? WaitsSince { get; init; }
        public DateTimeOffset? BusySince { get; init; }
        public DateTimeOffset? Appeared { get; init; }
        public DateTimeOffset? Lost { get; init; }
        public Echo? Echo { get; init; }
        public string? Shape { get; init; }
        public ExternalSecret? Source { get; init; }
        public PutOffRefresh? PutOff { get; init; }
    }

    private sealed record PutOffRefresh(FailedRefresh Refresh, int Failures, long Since, TimeSpan Wait, TimeSpan Soonest);

    private sealed record Echo(NamespacedName Secret, string? Uid, string? Version, DateTimeOffset Since);
}
