namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>A node of metadata while it is put together from flattened keys.</summary>
internal sealed class FlatPart
{
    private readonly SortedDictionary<string, FlatPart> _map = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, FlatPart> _list = [];
    private string? _value;

    public void Place(IReadOnlyList<(string? Name, int Index)> steps, string value, string key)
    {
        var part = this;
        foreach (var (name, index) in steps)
        {
            if (part._value is not null) throw MetadataFlattening.Broken(key);
            part = name is null ? part.Item(index) : part.Entry(name);
        }
        if (part._value is not null || part._map.Count + part._list.Count > 0) throw MetadataFlattening.Broken(key);
        part._value = value;
    }

    public DocumentNode ToNode()
    {
        if (_value is not null) return ScalarNode.Text(_value);
        if (_list.Count == 0) return new MapNode(_map.Select(e => new MapEntry(e.Key, e.Value.ToNode())));
        if (_map.Count > 0 || _list.Keys.Last() != _list.Count - 1) throw new SopsException(SopsFailure.Metadata, "sops: a flattened list has gaps, or is a map too");
        return new ListNode(_list.Values.Select(v => v.ToNode()));
    }

    private FlatPart Entry(string name) => _map.TryGetValue(name, out var part) ? part : _map[name] = new FlatPart();

    private FlatPart Item(int index) => _list.TryGetValue(index, out var part) ? part : _list[index] = new FlatPart();
}
