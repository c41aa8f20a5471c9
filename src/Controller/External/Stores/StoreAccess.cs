using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// The opened stores. One serves every namespace as long as nothing was read on its first user's behalf; where that happened (referent authentication), each
/// namespace has one of its own. A store that changed, or whose credentials did, is opened anew.
/// </summary>
internal sealed class StoreAccess(
    KubeClient kube, ProviderCatalog providers, IProviderHttp http, ICallObserver calls, AnswerCache answers, StoreGateOptions gates,
    Func<ClusterRecord, string?> currentVersion, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<StoreIdentity, Opened> stores = new();
    private long numbers;

    /// <summary>Raised when a store that had failed answers again.</summary>
    public event Action<StoreIdentity>? Recovered;

    /// <summary>Raised when credentials of a store were changed.</summary>
    public event Action<StoreIdentity>? CredentialsChanged;

    /// <summary>The stores that were opened, and whether each is left alone for now.</summary>
    public IEnumerable<(StoreIdentity Store, bool IsPaused)> Doors => stores.Select(entry => (entry.Key, entry.Value.Door.IsPaused));

    /// <summary>The store, opened for a namespace and held for the caller, who disposes it. Whether it may be used from there is not asked here.</summary>
    /// <param name="callerNamespace">null: on nobody's behalf.</param>
    /// <exception cref="ProviderException">It cannot be opened.</exception>
    /// <exception cref="ReferentStoreException">It can be opened for a namespace only, and none was given.</exception>
    public async Task<OpenedStore> OpenAsync(Store store, string? callerNamespace, CancellationToken cancellationToken)
    {
        var opened = stores.GetOrAdd(store.Identity, identity => new Opened(NewGate(identity)));
        if (await FindAsync(opened, store, callerNamespace, cancellationToken).ConfigureAwait(false) is { } known) return known;
        await opened.Opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await opened.RetireAsync(other => other.IsRetired || !other.IsOf(store), Forget).ConfigureAwait(false);
            if (opened.Find(store, callerNamespace) is { } meanwhile) return meanwhile;
            var made = await OpenAnewAsync(store, callerNamespace, opened, cancellationToken).ConfigureAwait(false);
            opened.Add(callerNamespace, made);
            if (made.Cluster.Records.Any(IsOutdated)) made.Retire();
            made.Cluster.WasRead += record =>
            {
                if (IsOutdated(record)) made.Retire();
            };
            return made;
        }
        finally
        {
            opened.Opening.Release();
        }
    }

    /// <summary>How long the store still wants to be left alone, by its own words.</summary>
    public TimeSpan AskedPatience(StoreIdentity identity) => stores.TryGetValue(identity, out var opened) ? opened.Door.AskedPatience : TimeSpan.Zero;

    /// <summary>Whether it began to answer again at a moment or later, in ticks of the clock that is never set.</summary>
    public bool HasRecovered(StoreIdentity identity, long since) => stores.TryGetValue(identity, out var opened) && opened.Door.HasRecovered(since);

    /// <summary>After a call that succeeded: what was read by then was all that it took, so others may use it too if none of it was the caller's own.</summary>
    public void Share(Store store, OpenedStore used)
    {
        if (stores.TryGetValue(store.Identity, out var opened)) opened.Share(used);
    }

    /// <summary>A Secret or ConfigMap changed: stores that were opened with it, or could not be, are opened anew.</summary>
    /// <param name="version">As it is now; null when it is gone.</param>
    public void OnChanged(bool isSecret, NamespacedName name, string? version)
    {
        foreach (var (identity, opened) in stores)
        {
            if (opened.RetireReaders(new ClusterRecord(isSecret, name, version))) CredentialsChanged?.Invoke(identity);
        }
    }

    /// <summary>What the store answered to these is no longer to be told to anybody who asks from now on.</summary>
    public void Outdate(StoreIdentity identity, IEnumerable<RemoteReference> references, IEnumerable<FindRequest> searches)
    {
        if (!stores.TryGetValue(identity, out var opened)) return;
        var all = opened.All;
        foreach (var reference in references)
        {
            foreach (var store in all) answers.Forget(new AnswerKey(store.Number, store.Source.RequestFor(reference)));
        }
        foreach (var search in searches)
        {
            foreach (var store in all) answers.Forget(AnswerKey.Of(store.Number, search));
        }
    }

    /// <summary>Breaks off what the store is asked as it was before.</summary>
    public async Task RenewAsync(Store store)
    {
        if (stores.TryGetValue(store.Identity, out var opened)) await opened.RetireAsync(other => !other.IsOf(store), Forget).ConfigureAwait(false);
    }

    /// <summary>The store is gone: what it is asked is broken off.</summary>
    public async Task CloseAsync(StoreIdentity identity)
    {
        if (stores.TryRemove(identity, out var opened)) await opened.RetireAsync(_ => true, Forget).ConfigureAwait(false);
    }

    /// <summary>Closes what was retired.</summary>
    public async Task SweepAsync()
    {
        foreach (var opened in stores.Values) await opened.RetireAsync(store => store.IsRetired, Forget).ConfigureAwait(false);
        answers.Sweep();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var identity in stores.Keys) await CloseAsync(identity).ConfigureAwait(false);
    }

    /// <summary>One that is open, unless it is that of a service account that is another by now.</summary>
    private async Task<OpenedStore?> FindAsync(Opened opened, Store store, string? callerNamespace, CancellationToken cancellationToken)
    {
        if (opened.Find(store, callerNamespace) is not { } known) return null;
        var isKept = false;
        try
        {
            isKept = !await known.Cluster.Accounts.HaveChangedAsync(cancellationToken).ConfigureAwait(false);
            if (isKept) return known;
            if (known.Retire()) CredentialsChanged?.Invoke(store.Identity);
            return null;
        }
        finally
        {
            if (!isKept) await known.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<OpenedStore> OpenAnewAsync(Store store, string? callerNamespace, Opened opened, CancellationToken cancellationToken)
    {
        var block = store.Spec.Provider;
        if (block?.Name is not { } name) throw new ProviderException(ProviderFailureKind.Invalid, "spec.provider must have exactly one provider");
        var provider = providers.Find(name) ?? throw new ProviderException(ProviderFailureKind.Invalid, ProviderCatalog.WhyNot(name));
        var description = store.Description!;
        var cluster = new StoreCluster(kube, description.Namespace, callerNamespace, time);
        opened.Try(callerNamespace, cluster);
        try
        {
            var source = await provider.OpenAsync(new StoreContext(description, cluster, http, calls, Retry(store.Spec.RetrySettings, opened.Door), time), cancellationToken).ConfigureAwait(false);
            return new OpenedStore(Interlocked.Increment(ref numbers), store.Metadata.Uid ?? "", store.Metadata.Generation ?? 0, source, cluster, opened.Door);
        }
        catch (ProviderException failure) when (cluster.IsReferent && callerNamespace is null)
        {
            throw new ReferentStoreException(failure);
        }
    }

    private bool IsOutdated(ClusterRecord record) => currentVersion(record) is { } now && ResourceVersions.IsNewer(now, record.Version);

    private void Forget(OpenedStore store) => answers.Forget(store.Number);

    private StoreGate NewGate(StoreIdentity identity)
    {
        var door = new StoreGate(gates, time);
        door.Recovered += () => Recovered?.Invoke(identity);
        return door;
    }

    private static Providers.RetrySettings Retry(Api.ExternalSecrets.RetrySettings? settings, StoreGate door) =>
        new(settings?.MaxRetries, settings?.RetryInterval?.Value) { Turn = door.TurnAsync };

    /// <summary>One store, as often as it is open.</summary>
    private sealed class Opened(StoreGate door)
    {
        private readonly Lock gate = new();
        private readonly List<(string? Namespace, OpenedStore Store)> all = [];
        private readonly List<(string? Namespace, StoreCluster Cluster)> tried = [];
        private OpenedStore? shared;

        public SemaphoreSlim Opening { get; } = new(1, 1);

        public StoreGate Door => door;

        public IReadOnlyList<OpenedStore> All
        {
            get { lock (gate) return [.. all.Select(entry => entry.Store)]; }
        }

        public OpenedStore? Find(Store store, string? callerNamespace)
        {
            lock (gate)
            {
                if (shared is not null && shared.IsOf(store) && shared.TryHold()) return shared;
                return all.Where(entry => entry.Namespace == callerNamespace && entry.Store.IsOf(store) && entry.Store.TryHold()).Select(entry => entry.Store).FirstOrDefault();
            }
        }

        /// <summary>It is being opened; where that fails, what it read for that may be what is wrong.</summary>
        public void Try(string? callerNamespace, StoreCluster cluster)
        {
            lock (gate)
            {
                tried.RemoveAll(entry => entry.Namespace == callerNamespace);
                tried.Add((callerNamespace, cluster));
            }
        }

        /// <summary>Takes it in, and holds it for the opener as well.</summary>
        public void Add(string? callerNamespace, OpenedStore store)
        {
            lock (gate)
            {
                store.TryHold();
                tried.RemoveAll(entry => entry.Cluster == store.Cluster);
                all.Add((callerNamespace, store));
            }
        }

        public void Share(OpenedStore used)
        {
            lock (gate)
            {
                if (shared is null && all.Any(entry => ReferenceEquals(entry.Store, used)) && used.Cluster.Share()) shared = used;
            }
        }

        public bool RetireReaders(ClusterRecord changed)
        {
            lock (gate)
            {
                var retired = tried.RemoveAll(entry => HasRead(entry.Cluster)) > 0;
                foreach (var (_, store) in all)
                {
                    if (HasRead(store.Cluster)) retired |= store.Retire();
                }
                return retired;
            }

            bool HasRead(StoreCluster cluster) => cluster.Records.Any(record =>
                record.IsSecret == changed.IsSecret && record.Name == changed.Name && (changed.Version is null || ResourceVersions.IsNewer(changed.Version, record.Version)));
        }

        /// <summary>Of those that were not retired before, calls under way are broken off.</summary>
        public async Task RetireAsync(Func<OpenedStore, bool> choose, Action<OpenedStore> forget)
        {
            List<OpenedStore> chosen;
            lock (gate)
            {
                chosen = [.. all.Select(entry => entry.Store).Where(choose)];
                all.RemoveAll(entry => chosen.Contains(entry.Store));
                if (shared is not null && chosen.Contains(shared)) shared = null;
            }
            foreach (var store in chosen)
            {
                // With other credentials, what is under way may end.
                if (store.Retire()) await store.BreakOffAsync().ConfigureAwait(false);
                forget(store);
                await store.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
