using System.Globalization;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Keeps a cache of all objects of a kind in step with the API server, and tells handlers what changed.
/// <code>
///  ┌─▶ list, page by page ──▶ watch from the list's version ─┬─ ended, silent, broken: watch again from the last version seen
///  │        ▲ back-off                                       │
///  └────────┴──────────────── version too old, line garbled ─┘
/// </code>
/// Where watching is refused, the lists go on alone, as far apart as the longest back-off.
/// An object counts as gone when the watch says so, or when a whole list came without it; never because a list broke off.
/// </summary>
internal sealed class Informer<T>(KubeClient client, KubeKind<T> kind, InformerOptions<T> options, TimeProvider timeProvider, ILogger logger) : Follower
    where T : class
{
    /// <summary>A watch that lived this long ended in the course of things.</summary>
    private static readonly TimeSpan HealthyLife = TimeSpan.FromSeconds(5);

    private readonly Backoff backoff = new(Backoff.DefaultInitial, options.LongestBackoff, options.Jitter);
    private readonly List<Action<ObjectChange<T>>> handlers = [];
    private int refusal;
    private bool watchRefused;

    /// <summary>What is there now. Empty, and no evidence of anything, until <see cref="Follower.HasSynced"/>.</summary>
    public ObjectCache<T> Cache { get; } = new();

    /// <summary>
    /// Adds a handler, before <see cref="RunAsync"/>. It is called for one change at a time, after the cache has it, and must not wait
    /// for anything. A change is told once: objects that a later list shows unchanged are not told again.
    /// </summary>
    public void OnChange(Action<ObjectChange<T>> handler) => handlers.Add(handler);

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellationToken);
                version = version is null ? null : await WatchOnceAsync(version, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Takes in a whole list and gives its version; <c>null</c> after a failure, which has been waited for.</summary>
    private async Task<string?> ListAsync(CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        try
        {
            var version = await ListAllAsync(options.Query, cancellationToken);
            // Where lists stand in for a watch, another one is nothing to tell.
            if (!watchRefused) RuntimeLog.Listed(logger, kind.Resource, Cache.Count, (long)timeProvider.GetElapsedTime(start).TotalMilliseconds);
            refusal = 0;
            NoteSync();
            return version;
        }
        catch (Exception exception) when (exception is KubeApiException or KubeTransportException)
        {
            var delay = NextDelay((exception as KubeApiException)?.RetryAfter);
            Tell(exception, delay);
            await Task.Delay(delay, timeProvider, cancellationToken);
            return null;
        }
    }

    /// <summary>A refusal stays until somebody does something about it: it is told once, with what.</summary>
    private void Tell(Exception failure, TimeSpan delay)
    {
        var before = refusal;
        refusal = failure is KubeApiException { IsForbidden: true } or KubeApiException { IsNotFound: true } ? ((KubeApiException)failure).Code : 0;
        if (refusal == 0) RuntimeLog.ListFailed(logger, kind.Resource, Place, KubeFailure.Describe(failure), (long)delay.TotalMilliseconds);
        else if (refusal != before) RuntimeLog.ListRefused(logger, kind.Resource, Place, KubeFailure.Describe(failure), options.Remedy);
        if (refusal != 0) NoteRefusal();
    }

    private string Place => !kind.Resource.Namespaced ? "the cluster" : string.IsNullOrEmpty(options.Query.Namespace) ? "all namespaces" : $"namespace {options.Query.Namespace}";

    private async Task<string> ListAllAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var seen = new HashSet<NamespacedName>();
        string? version = null;
        string? next = null;
        do
        {
            ListPage<T> page;
            try
            {
                page = await client.ListPageAsync(kind, query, next, cancellationToken);
            }
            catch (KubeApiException exception) when (exception.IsExpired && next is not null)
            {
                // The list took longer than the server keeps history: paging would fail the same way again.
                return await ListAllAsync(query with { PageSize = 0 }, cancellationToken);
            }

            version ??= page.Metadata?.ResourceVersion;
            TakeIn(page, seen);
            next = page.Continue;
        }
        while (next is not null);

        foreach (var key in Cache.Keys().Concat(UnreadableKeys))
        {
            if (!seen.Contains(key))
            {
                Drop(key);
            }
        }

        return version ?? "";
    }

    private void TakeIn(ListPage<T> page, HashSet<NamespacedName> seen)
    {
        foreach (var item in page.Items ?? [])
        {
            if (item.Value is null)
            {
                // Not seen as gone: the last readable state stays until it is deleted or readable again.
                seen.Add(item.Unreadable!.Key);
                Pass(item.Unreadable);
                continue;
            }

            seen.Add(kind.Key(item.Value));
            Keep(kind.Key(item.Value), item.Value);
        }
    }

    /// <summary>Watches until the watch ends, waits if it ended badly, and gives the version to go on from; <c>null</c>: list.</summary>
    private async Task<string?> WatchOnceAsync(string version, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var end = await WatchAsync(version, cancellationToken);
        RuntimeLog.WatchEnded(logger, kind.Resource, end.Reason, end.Events);
        if (end.Refused && !watchRefused) RuntimeLog.WatchRefused(logger, kind.Resource, Place, end.Reason, (int)options.LongestBackoff.TotalSeconds);
        watchRefused = end.Refused;

        // A server that lists but fails every watch must not be listed in a tight loop.
        var wentWell = timeProvider.GetElapsedTime(start) >= HealthyLife || (end.ResumeFrom is not null && end.Events > 0);
        if (wentWell && end.RetryAfter is null)
        {
            backoff.Forget(default);
        }
        else
        {
            await Task.Delay(NextDelay(end.RetryAfter), timeProvider, cancellationToken);
        }

        return end.ResumeFrom;
    }

    private async Task<WatchEnd> WatchAsync(string version, CancellationToken cancellationToken)
    {
        var events = 0;
        try
        {
            var watch = new WatchOptions(version, options.ServerTimeout * (1 + options.Jitter()), options.IdleTimeout);
            using var stream = await client.WatchAsync(kind, options.Query, watch, cancellationToken);
            await foreach (var change in stream.ReadAsync(cancellationToken))
            {
                events++;
                if (change.Type == WatchEventType.Garbled)
                {
                    return new WatchEnd("garbled line", events, null);
                }

                if (change.Type == WatchEventType.Error)
                {
                    return OnError(change.Status, events, version);
                }

                version = change.ResourceVersion ?? version;
                Apply(change);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return new WatchEnd("ended by the server", events, version);
        }
        catch (TimeoutException)
        {
            return new WatchEnd("silent", events, version);
        }
        catch (KubeTransportException exception)
        {
            return new WatchEnd(KubeFailure.Describe(exception), events, version);
        }
        catch (KubeApiException exception)
        {
            return new WatchEnd(KubeFailure.Describe(exception), events, exception.IsTransient ? version : null, exception.RetryAfter, exception.IsForbidden);
        }
    }

    /// <summary>Too many requests and server trouble say nothing about the version; anything else, 410 above all, makes it worthless.</summary>
    private static WatchEnd OnError(KubeStatus? status, int events, string version)
    {
        var resumable = status?.Code is 429 or >= 500 && status.Reason is not (KubeReason.Expired or KubeReason.Gone);
        var reason = string.Create(CultureInfo.InvariantCulture, $"error {status?.Code} {status?.Reason}");
        return new WatchEnd(reason, events - 1, resumable ? version : null);
    }

    private void Apply(WatchEvent<T> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified when change.Object is not null:
                Keep(change.Key, change.Object);
                break;
            case WatchEventType.Deleted:
                Drop(change.Key);
                break;
            case WatchEventType.Unreadable:
                Pass(new UnreadableObject(change.Key, change.ResourceVersion, change.UnreadablePath ?? ""));
                break;
        }
    }

    private void Pass(UnreadableObject found)
    {
        if (NoteUnreadable(found)) RuntimeLog.ObjectUnreadable(logger, kind.Resource, found.Key, found.Path);
    }

    private void Keep(NamespacedName key, T item)
    {
        var version = kind.ResourceVersion(item);
        var isNew = NoteReadable(key);
        if (!isNew && version is not null && Cache.Find(key) is { } known && kind.ResourceVersion(known) == version)
        {
            return;
        }

        var kept = options.Trim is null ? item : options.Trim(item);
        var old = Cache.Set(key, kept);
        // What was said of it while it could not be read is to be taken back, whatever it was before.
        Tell(new ObjectChange<T>(key, isNew ? null : old, kept));
    }

    private void Drop(NamespacedName key)
    {
        var wasUnreadable = NoteReadable(key);
        if (Cache.Remove(key) is { } old)
        {
            Tell(new ObjectChange<T>(key, old, null));
        }
        else if (wasUnreadable)
        {
            TellUnreadableGone(key);
        }
    }

    private void Tell(ObjectChange<T> change)
    {
        foreach (var handler in handlers)
        {
            try
            {
                handler(change);
            }
#pragma warning disable CA1031 // A handler's mistake must not keep the cache from following.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                RuntimeLog.HandlerFailed(logger, kind.Resource, change.Key, exception.GetType().Name);
            }
        }
    }

    private TimeSpan NextDelay(TimeSpan? asked)
    {
        var delay = backoff.Next(default);
        return asked > delay ? asked.Value : delay;
    }
}
