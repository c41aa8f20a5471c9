using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// The objects of a kind as last seen, by name and by indexes. One informer writes, anybody reads; what is read is shared and must
/// not be changed. Thread-safe.
/// </summary>
internal sealed class ObjectCache<T>
    where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<NamespacedName, T> objects = [];
    private readonly Dictionary<string, Index> indexes = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return objects.Count;
            }
        }
    }

    /// <summary>Adds an index before the cache is filled.</summary>
    /// <param name="name">What <see cref="FindByIndex"/> asks for.</param>
    /// <param name="values">The values under which an object is found, such as the names of what it refers to.</param>
    public void AddIndex(string name, Func<T, IEnumerable<string>> values)
    {
        lock (gate)
        {
            var index = new Index(values);
            foreach (var (key, item) in objects)
            {
                index.Add(key, item);
            }

            indexes.Add(name, index);
        }
    }

    /// <summary>The object, or <c>null</c>.</summary>
    public T? Find(NamespacedName key)
    {
        lock (gate)
        {
            return objects.GetValueOrDefault(key);
        }
    }

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? item)
    {
        item = Find(key);
        return item is not null;
    }

    /// <summary>All objects at this moment, in no order.</summary>
    public IReadOnlyList<T> Snapshot()
    {
        lock (gate)
        {
            return [.. objects.Values];
        }
    }

    /// <summary>The names of all objects at this moment, in no order.</summary>
    public IReadOnlyList<NamespacedName> Keys()
    {
        lock (gate)
        {
            return [.. objects.Keys];
        }
    }

    /// <summary>The objects that the index lists under <paramref name="value"/>, in no order.</summary>
    public IReadOnlyList<T> FindByIndex(string name, string value)
    {
        lock (gate)
        {
            return [.. indexes[name].Find(value).Select(key => objects[key])];
        }
    }

    /// <summary>Puts the object in place of its older self, which it returns.</summary>
    internal T? Set(NamespacedName key, T item)
    {
        lock (gate)
        {
            var old = RemoveLocked(key);
            objects[key] = item;
            foreach (var index in indexes.Values)
            {
                index.Add(key, item);
            }

            return old;
        }
    }

    /// <summary>Takes the object out and returns it, or <c>null</c> when there was none.</summary>
    internal T? Remove(NamespacedName key)
    {
        lock (gate)
        {
            return RemoveLocked(key);
        }
    }

    private T? RemoveLocked(NamespacedName key)
    {
        if (objects.Remove(key, out var old))
        {
            foreach (var index in indexes.Values)
            {
                index.Remove(key, old);
            }
        }

        return old;
    }

    private sealed class Index(Func<T, IEnumerable<string>> values)
    {
        private readonly Dictionary<string, HashSet<NamespacedName>> keys = [];

        public HashSet<NamespacedName> Find(string value) =>
            keys.TryGetValue(value, out var found) ? found : [];

        public void Add(NamespacedName key, T item)
        {
            foreach (var value in values(item))
            {
                if (!keys.TryGetValue(value, out var found))
                {
                    keys[value] = found = [];
                }

                found.Add(key);
            }
        }

        public void Remove(NamespacedName key, T item)
        {
            foreach (var value in values(item))
            {
                if (keys.TryGetValue(value, out var found) && found.Remove(key) && found.Count == 0)
                {
                    keys.Remove(value);
                }
            }
        }
    }
}
