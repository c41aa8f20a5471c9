using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Storage;

/// <summary>
/// All objects of the cluster under one revision counter, as etcd keeps them. Readers take immutable snapshots and never wait;
/// writers hold one lock for the commit only. The last writes are kept as history: watches resume from it and paged lists are
/// rebuilt from it; what is older is compacted and answered with 410.
/// </summary>
internal sealed class ObjectStore(int historyLimit)
{
    private readonly Lock gate = new();
    private readonly LinkedList<ObjectChange> history = [];
    private readonly List<ChangeSubscription> subscriptions = [];
    private ImmutableDictionary<string, ImmutableSortedDictionary<ObjectKey, StoredObject>> collections =
        ImmutableDictionary<string, ImmutableSortedDictionary<ObjectKey, StoredObject>>.Empty;

    /// <summary>The revision of the last write.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>History up to and including this revision is gone.</summary>
    public long CompactedRevision { get; private set; }

    public StoredObject? Find(string collection, ObjectKey key) =>
        collections.TryGetValue(collection, out var objects) && objects.TryGetValue(key, out var stored) ? stored : null;

    /// <summary>What a collection holds now, with the revision that is true for.</summary>
    public StoreSnapshot Snapshot(string collection)
    {
        lock (gate)
        {
            return new StoreSnapshot(collections.GetValueOrDefault(collection, StoreSnapshot.Nothing), Revision);
        }
    }

    /// <summary>What a collection held at a revision, rebuilt by undoing later writes; <c>null</c> when that history is compacted.</summary>
    public StoreSnapshot? SnapshotAt(string collection, long revision)
    {
        lock (gate)
        {
            if (revision < CompactedRevision) return null;
            var objects = collections.GetValueOrDefault(collection, StoreSnapshot.Nothing);
            for (var node = history.Last; node is not null && node.Value.Revision > revision; node = node.Previous)
            {
                if (node.Value.Object.Collection != collection) continue;
                var key = node.Value.Object.Key;
                objects = node.Value.Previous is { } previous ? objects.SetItem(key, previous) : objects.Remove(key);
            }

            return new StoreSnapshot(objects, revision);
        }
    }

    public IReadOnlyList<string> Collections() => [.. collections.Keys];

    /// <summary>Writes an object if the stored one is still <paramref name="expected"/> (<c>null</c>: none); sets its resourceVersion.</summary>
    /// <returns>The committed version, or <c>null</c> when another writer was first.</returns>
    public StoredObject? TryWrite(string collection, ObjectKey key, JsonObject json, StoredObject? expected)
    {
        lock (gate)
        {
            if (!ReferenceEquals(Find(collection, key), expected)) return null;
            var stored = Stamp(collection, key, json);
            Put(collection, objects => objects.SetItem(key, stored));
            Publish(new ObjectChange(expected is null ? ChangeKind.Added : ChangeKind.Modified, stored, expected));
            return stored;
        }
    }

    /// <summary>Removes an object if the stored one is still <paramref name="expected"/>.</summary>
    /// <returns>The last version under the revision of its deletion, or <c>null</c> when another writer was first.</returns>
    public StoredObject? TryRemove(StoredObject expected)
    {
        lock (gate)
        {
            if (!ReferenceEquals(Find(expected.Collection, expected.Key), expected)) return null;
            var last = Stamp(expected.Collection, expected.Key, expected.Copy());
            Put(expected.Collection, objects => objects.Remove(expected.Key));
            Publish(new ObjectChange(ChangeKind.Deleted, last, expected));
            return last;
        }
    }

    /// <summary>Follows one collection (or all, with <c>null</c>) from after a revision.</summary>
    /// <returns><c>null</c> when that history is compacted.</returns>
    public ChangeSubscription? Subscribe(string? collection, long afterRevision)
    {
        lock (gate)
        {
            if (afterRevision < CompactedRevision) return null;
            var subscription = new ChangeSubscription(collection, this);
            var node = history.Last;
            while (node is not null && node.Value.Revision > afterRevision) node = node.Previous;
            for (node = node is null ? history.First : node.Next; node is not null; node = node.Next) subscription.Offer(node.Value);
            subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Unsubscribe(ChangeSubscription subscription)
    {
        lock (gate)
        {
            subscriptions.Remove(subscription);
        }
    }

    /// <summary>Forgets all history up to now, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (gate)
        {
            history.Clear();
            CompactedRevision = Revision;
        }
    }

    /// <summary>Moves the counter without a write, so that a test can tell a fresh revision from a stale one.</summary>
    public long Advance()
    {
        lock (gate)
        {
            return ++Revision;
        }
    }

    private StoredObject Stamp(string collection, ObjectKey key, JsonObject json)
    {
        Revision++;
        json["metadata"]!["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(collection, key, json, Revision);
    }

    private void Put(
        string collection,
        Func<ImmutableSortedDictionary<ObjectKey, StoredObject>, ImmutableSortedDictionary<ObjectKey, StoredObject>> change) =>
        collections = collections.SetItem(collection, change(collections.GetValueOrDefault(collection, StoreSnapshot.Nothing)));

    private void Publish(ObjectChange change)
    {
        history.AddLast(change);
        if (history.Count > historyLimit)
        {
            CompactedRevision = history.First!.Value.Revision;
            history.RemoveFirst();
        }

        foreach (var subscription in subscriptions) subscription.Offer(change);
    }
}
