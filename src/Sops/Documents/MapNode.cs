namespace GitOpsSecrets.Sops.Documents;

/// <summary>An ordered map. Comments stand among its entries; order and comments survive reading and writing.</summary>
public sealed class MapNode : DocumentNode
{
    public MapNode() { }

    public MapNode(IEnumerable<MapEntry> entries) => Entries.AddRange(entries);

    public List<MapEntry> Entries { get; } = [];

    /// <summary>The value of a key, or null. A comment has no key.</summary>
    public DocumentNode? this[string key] => Find(key)?.Value;

    public MapEntry? Find(string key) => Entries.Find(e => !e.IsComment && e.Key == key);

    public void Add(string key, DocumentNode value) => Entries.Add(new MapEntry(key, value));

    public void Add(CommentNode comment) => Entries.Add(new MapEntry(comment));

    public override void Clear()
    {
        foreach (var entry in Entries) entry.Value.Clear();
    }

    public override MapNode Clone() => new(Entries.Select(e => e.With(e.Value.Clone())));
}
