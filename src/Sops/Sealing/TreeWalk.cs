using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Sops.Sealing;

/// <summary>
/// Goes through documents in order, decides for each leaf whether it is to be encrypted, and builds the tree of what the leaves become.
/// A leaf's path is made of key names alone: all items of a list share the path of the list.
/// </summary>
internal abstract class TreeWalk(SelectionRule rule)
{
    private readonly List<string> _path = [];

    /// <summary>For each open container, the comments since its last entry.</summary>
    private readonly List<List<string>> _comments = [];

    /// <summary>The additional data of the leaf: key names, each ended by a colon; for the root's own comments a colon alone.</summary>
    protected string AdditionalData => string.Join(':', _path) + ":";

    /// <summary>The leaf's place for messages.</summary>
    protected string Place => _path.Count == 0 ? "(root)" : string.Join('.', _path);

    public MapNode Walk(MapNode document) => WalkMap(document);

    protected abstract DocumentNode Visit(ScalarNode scalar, bool encrypted, bool inList);

    protected abstract DocumentNode Visit(CommentNode comment, bool encrypted, bool inList);

    private MapNode WalkMap(MapNode map)
    {
        var result = new MapNode();
        var comments = Open();
        foreach (var entry in map.Entries)
        {
            if (entry.Value is CommentNode comment)
            {
                comments.Add(comment.Text);
                result.Entries.Add(entry.With(Visit(comment, IsEncrypted(isComment: true), inList: false)));
                continue;
            }
            _path.Add(entry.Key);
            result.Entries.Add(new MapEntry(entry.Key, WalkValue(entry.Value, inList: false)));
            _path.RemoveAt(_path.Count - 1);
            comments.Clear();
        }
        Close();
        return result;
    }

    private ListNode WalkList(ListNode list)
    {
        var result = new ListNode();
        var comments = Open();
        foreach (var item in list.Items)
        {
            if (item is CommentNode comment)
            {
                comments.Add(comment.Text);
                result.Items.Add(Visit(comment, IsEncrypted(isComment: true), inList: true));
                continue;
            }
            var value = WalkValue(item, inList: true);
            result.Items.Add(value);
            // An item that turned out to be an encrypted comment ends no run of comments (the original forgets them here, issue 2281).
            if (value is not CommentNode) comments.Clear();
        }
        Close();
        return result;
    }

    private DocumentNode WalkValue(DocumentNode value, bool inList) => value switch
    {
        MapNode map => WalkMap(map),
        ListNode list => WalkList(list),
        ScalarNode scalar => Visit(scalar, IsEncrypted(isComment: false), inList),
        _ => throw new InvalidOperationException("A comment is no value."),
    };

    private bool IsEncrypted(bool isComment) => rule.IsEncrypted(_path, _comments, isComment);

    private List<string> Open()
    {
        var comments = new List<string>();
        _comments.Add(comments);
        return comments;
    }

    private void Close() => _comments.RemoveAt(_comments.Count - 1);
}
