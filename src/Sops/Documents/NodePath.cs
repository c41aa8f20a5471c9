using System.Globalization;

namespace GitOpsSecrets.Sops.Documents;

/// <summary>Where a value stands in a document, written as the original does: <c>["stringData"]["password"]</c>, <c>["users"][0]</c>.</summary>
public sealed class NodePath
{
    private const int MaxSteps = 64;

    private readonly IReadOnlyList<(string? Key, int Index)> _steps;
    private readonly string _text;

    private NodePath(IReadOnlyList<(string?, int)> steps, string text)
    {
        _steps = steps;
        _text = text;
    }

    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: the text is no path.</exception>
    public static NodePath Parse(string text)
    {
        var steps = new List<(string?, int)>();
        var at = 0;
        while (at < text.Length)
        {
            if (steps.Count == MaxSteps || text[at] != '[' || ++at >= text.Length) throw NoPath();
            steps.Add(text[at] is '"' or '\'' ? (ParseKey(text, ref at), 0) : (null, ParseIndex(text, ref at)));
            if (at >= text.Length || text[at++] != ']') throw NoPath();
        }
        return steps.Count > 0 && steps[0].Item1 is not null ? new NodePath(steps, text) : throw NoPath();
    }

    /// <returns>Null when nothing stands there.</returns>
    public DocumentNode? Get(MapNode document)
    {
        DocumentNode? node = document;
        foreach (var (key, index) in _steps)
        {
            node = (node, key) switch
            {
                (MapNode map, not null) => map[key],
                (ListNode list, null) => Items(list).ElementAtOrDefault(index),
                _ => null,
            };
        }
        return node;
    }

    /// <summary>Puts a value there; maps on the way are made, and an index at the end of a list or beyond adds an item.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: a key step stands at a list, or an index at something else.</exception>
    public void Set(MapNode document, DocumentNode value)
    {
        DocumentNode container = document;
        for (var i = 0; i < _steps.Count; i++)
        {
            var isLast = i == _steps.Count - 1;
            var existing = Child(container, i);
            var next = isLast ? value : existing is MapNode or ListNode ? existing : _steps[i + 1].Key is null ? new ListNode() : new MapNode();
            if (!ReferenceEquals(next, existing)) Replace(container, i, next);
            container = next;
        }
    }

    /// <summary>Takes the value away, with its key or list item; comments stay.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>: nothing stands there.</exception>
    public void Unset(MapNode document)
    {
        DocumentNode? container = document;
        for (var i = 0; i < _steps.Count - 1; i++) container = container is null ? null : Child(container, i);
        var target = container is null ? null : Child(container, _steps.Count - 1);
        if (target is null) throw new SopsException(SopsFailure.Content, $"{_text}: nothing stands there");
        if (container is MapNode map) map.Entries.RemoveAll(e => ReferenceEquals(e.Value, target));
        else ((ListNode)container!).Items.RemoveAll(n => ReferenceEquals(n, target));
        target.Clear();
    }

    public override string ToString() => _text;

    private DocumentNode? Child(DocumentNode container, int step)
    {
        var (key, index) = _steps[step];
        return (container, key) switch
        {
            (MapNode map, not null) => map[key],
            (ListNode list, null) => Items(list).ElementAtOrDefault(index),
            _ => throw new SopsException(SopsFailure.Content, $"{_text}: step {step + 1} needs a {(key is null ? "list" : "map")}, and something else stands there"),
        };
    }

    private void Replace(DocumentNode container, int step, DocumentNode value)
    {
        var (key, index) = _steps[step];
        if (container is MapNode map)
        {
            if (map.Find(key!) is { } entry) entry.Value = value;
            else map.Add(key!, value);
            return;
        }
        var items = ((ListNode)container).Items;
        if (Items((ListNode)container).ElementAtOrDefault(index) is { } old) items[items.IndexOf(old)] = value;
        else items.Add(value);
    }

    /// <summary>Comments do not count.</summary>
    private static IEnumerable<DocumentNode> Items(ListNode list) => list.Items.Where(i => i is not CommentNode);

    private static string ParseKey(string text, ref int at)
    {
        var end = text.IndexOf(text[at] + "]", at + 1, StringComparison.Ordinal);
        if (end < 0) throw NoPath();
        var key = text[(at + 1)..end];
        at = end + 1;
        return key;
    }

    private static int ParseIndex(string text, ref int at)
    {
        var end = text.IndexOf(']', at);
        if (end < 0 || end - at > 6 || !int.TryParse(text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw NoPath();
        at = end;
        return index;
    }

    private static SopsException NoPath() => new(SopsFailure.Content, "not a path of the form [\"key\"][0], beginning with a key");
}
