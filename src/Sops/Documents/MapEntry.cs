namespace GitOpsSecrets.Sops.Documents;

/// <summary>A key and its value, or a comment between keys.</summary>
public sealed class MapEntry
{
    public MapEntry(string key, DocumentNode value)
    {
        if (value is CommentNode) throw new ArgumentException("A comment has no key.", nameof(value));
        Key = key;
        Value = value;
    }

    public MapEntry(CommentNode comment)
    {
        Key = "";
        Value = comment;
    }

    /// <summary>Empty for a comment.</summary>
    public string Key { get; }

    public DocumentNode Value { get; set; }

    public bool IsComment => Value is CommentNode;

    internal MapEntry With(DocumentNode value) => value is CommentNode comment ? new MapEntry(comment) : new MapEntry(Key, value);
}
