using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>
/// Has the ExternalSecrets refreshed that a change is about: forgets what their stores answered for its key, and wakes them. They share the one call that follows. The
/// same told again within a moment is told on once more at its end, so a stampede of events costs a store no more than a call in each such moment.
/// </summary>
internal sealed class Announcer(
    ExternalCaches caches, StoreAccess access, ProviderCatalog providers, ExternalLedger ledger, WorkQueue queue, Metrics metrics, TimeProvider time) : IDisposable
{
    /// <summary>How far apart the same change is told on.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private const int MostChanges = 10_000;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource life = new();
    private readonly Dictionary<Announcement, Recent> recent = [];
    private readonly Queue<(Announcement Announcement, DateTimeOffset At)> order = new();

    /// <returns><c>false</c> when more is told than can be remembered: come again.</returns>
    public bool Announce(Announcement announcement)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            DropOld(now);
            if (recent.TryGetValue(announcement, out var known))
            {
                if (!known.IsRepeated) _ = RepeatAsync(announcement, known.At + Spacing - now);
                recent[announcement] = known with { IsRepeated = true };
                return true;
            }
            if (recent.Count >= MostChanges) return false;
            Remember(announcement, now);
        }
        TellOn(announcement);
        return true;
    }

    public void Dispose()
    {
        life.Cancel();
        life.Dispose();
    }

    private async Task RepeatAsync(Announcement announcement, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, time, life.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        lock (gate) Remember(announcement, time.GetUtcNow());
        TellOn(announcement);
    }

    private void TellOn(Announcement announcement)
    {
        var users = new HashSet<NamespacedName>();
        foreach (var store in caches.AllStores) users.UnionWith(Outdate(store, announcement));
        foreach (var user in users)
        {
            ledger.Tell(user);
            queue.Add(user);
        }
        metrics.EventRefreshes.WithLabels(announcement.Source).Inc(users.Count);
    }

    /// <returns>Who reads the changed secret from this store.</returns>
    private List<NamespacedName> Outdate(Store store, Announcement announcement)
    {
        if (announcement.Store is { } named && named != store.Identity.Name.Name) return [];
        if (!store.IsClusterWide && !announcement.IsAbout(store.Identity.Name.Namespace)) return [];
        if (caches.Stores.IsForeign(store.Spec.Controller) || store.Description is not { } description) return [];
        if (providers.Recognize(store.Spec.Provider!.Name!, description, announcement.Change) is not { } changed) return [];
        var users = new List<NamespacedName>();
        var references = new HashSet<RemoteReference>();
        var searches = new List<FindRequest>();
        foreach (var source in caches.SourcesOfStore(store.Identity).Where(source => announcement.IsAbout(source.Metadata.Namespace ?? "") && RefreshPlan.FollowsNews(source)))
        {
            var read = ExpectedReferences.RemotesOf(source, store.Identity).Where(remote => changed.IsNamedBy(remote.Key)).Select(EntryRules.ReferenceOf).ToList();
            var found = ExpectedReferences.SearchesOf(source, store.Identity).Select(EntryRules.SearchOf).Where(changed.IsFoundBy).ToList();
            if (read.Count + found.Count == 0) continue;
            references.UnionWith(read);
            searches.AddRange(found);
            users.Add(new NamespacedName(source.Metadata.Namespace ?? "", source.Metadata.Name ?? ""));
        }
        access.Outdate(store.Identity, references, searches);
        return users;
    }

    private void Remember(Announcement announcement, DateTimeOffset now)
    {
        recent[announcement] = new Recent(now, IsRepeated: false);
        order.Enqueue((announcement, now));
    }

    private void DropOld(DateTimeOffset now)
    {
        while (order.TryPeek(out var oldest) && (now - oldest.At).Duration() >= Spacing)
        {
            order.Dequeue();
            if (recent.TryGetValue(oldest.Announcement, out var known) && known.At == oldest.At && !known.IsRepeated) recent.Remove(oldest.Announcement);
        }
    }

    /// <param name="At">When it was told on last.</param>
    /// <param name="IsRepeated">It was told again since, and will be told on.</param>
    private readonly record struct Recent(DateTimeOffset At, bool IsRepeated);
}
