using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>
/// A set of field paths, as a tree in the notation of FieldsV1: each step is <c>f:name</c>, <c>k:{"key":"value"}</c>,
/// <c>v:value</c> or <c>i:index</c>; a node may be in the set itself (<c>.</c>), have children in it, or both.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> children = new(StringComparer.Ordinal);

    public bool IsMember { get; private set; }

    public bool IsEmpty => !IsMember && children.Values.All(child => child.IsEmpty);

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => children;

    public FieldSet? Below(string step) => children.GetValueOrDefault(step);

    public void Insert(IEnumerable<string> path)
    {
        var node = this;
        foreach (var step in path)
        {
            if (!node.children.TryGetValue(step, out var next)) node.children[step] = next = new FieldSet();
            node = next;
        }

        node.IsMember = true;
    }

    /// <summary>Takes a path and all below it out.</summary>
    public void Cut(IReadOnlyList<string> path)
    {
        var node = this;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!node.children.TryGetValue(path[i], out node)) return;
        }

        node.children.Remove(path[^1]);
    }

    /// <summary>Takes the top-level field itself out, not what is below it.</summary>
    public void CutMember(string step)
    {
        if (children.TryGetValue(step, out var node)) node.IsMember = false;
    }

    /// <summary>The set and all that its paths lie in.</summary>
    public FieldSet WithAncestors()
    {
        var result = new FieldSet { IsMember = !IsEmpty };
        foreach (var (step, child) in children.Where(pair => !pair.Value.IsEmpty)) result.children[step] = child.WithAncestors();
        return result;
    }

    public FieldSet Union(FieldSet other) => Combine(other, (mine, theirs) => mine || theirs);

    public FieldSet Difference(FieldSet other) => Combine(other, (mine, theirs) => mine && !theirs);

    public FieldSet Intersection(FieldSet other) => Combine(other, (mine, theirs) => mine && theirs);

    public bool SetEquals(FieldSet other) => Combine(other, (mine, theirs) => mine != theirs).IsEmpty;

    /// <summary>All member paths, in order.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    public JsonObject ToFieldsV1()
    {
        var json = new JsonObject();
        foreach (var (step, child) in children)
        {
            if (child.IsEmpty) continue;
            var below = child.ToFieldsV1();
            if (child.IsMember && below.Count > 0) below.Insert(0, ".", new JsonObject());
            json[step] = below;
        }

        return json;
    }

    public static FieldSet FromFieldsV1(JsonObject json)
    {
        var set = new FieldSet();
        foreach (var (step, below) in json)
        {
            if (step == ".")
            {
                set.IsMember = true;
                continue;
            }

            var child = FromFieldsV1(below as JsonObject ?? []);
            if (child.children.Count == 0) child.IsMember = true;
            set.children[step] = child;
        }

        return set;
    }

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> prefix)
    {
        if (IsMember) yield return prefix;
        foreach (var (step, child) in children)
        {
            foreach (var path in child.Paths([.. prefix, step])) yield return path;
        }
    }

    private FieldSet Combine(FieldSet? other, Func<bool, bool, bool> member)
    {
        var result = new FieldSet { IsMember = member(IsMember, other?.IsMember ?? false) };
        var steps = children.Keys.Concat(other?.children.Keys ?? Enumerable.Empty<string>()).Distinct();
        foreach (var step in steps)
        {
            var combined = (Below(step) ?? new FieldSet()).Combine(other?.Below(step), member);
            if (!combined.IsEmpty) result.children[step] = combined;
        }

        return result;
    }
}
