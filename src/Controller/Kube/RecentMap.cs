using System.Diagnostics.CodeAnalysis;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>A dictionary of the last so many keys used. Not thread-safe.</summary>
internal sealed class RecentMap<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> order = [];

    public int Count => nodes.Count;

    public bool Has(TKey key) => nodes.ContainsKey(key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        order.Remove(node);
        order.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    public void Remove(TKey key)
    {
        if (nodes.Remove(key, out var node))
        {
            order.Remove(node);
        }
    }

    public void Set(TKey key, TValue value)
    {
        if (nodes.Remove(key, out var old))
        {
            order.Remove(old);
        }

        nodes[key] = order.AddFirst((key, value));
        if (nodes.Count > capacity && order.Last is { } last)
        {
            nodes.Remove(last.Value.Key);
            order.RemoveLast();
        }
    }
}
