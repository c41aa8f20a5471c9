namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>A node of a document with its place in the text, before comments are put among the entries.</summary>
internal sealed class YamlPart
{
    /// <summary>Set for a scalar.</summary>
    public ScalarNode? Scalar { get; init; }

    public bool IsMap { get; init; }

    public bool IsFlow { get; init; }

    /// <summary>Whether this part repeats an anchored one: what it holds stands elsewhere in the text.</summary>
    public bool IsAlias { get; init; }

    /// <summary>In a map, the key of this part.</summary>
    public string? Key { get; set; }

    /// <summary>Offset of the first character, of the key if there is one.</summary>
    public int Start { get; set; }

    /// <summary>Line of <see cref="Start"/>.</summary>
    public int StartLine { get; set; }

    /// <summary>Offset behind the last character that belongs to the content.</summary>
    public int End { get; set; }

    /// <summary>Line of the last character of the content; for a block scalar the line of its header.</summary>
    public int EndLine { get; set; }

    /// <summary>Column at which the entries of a block map or list start.</summary>
    public int Column { get; init; }

    public List<YamlPart> Children { get; } = [];

    /// <summary>Comments that stand before this part in its container.</summary>
    public List<CommentNode> Before { get; } = [];

    /// <summary>Comments at the end of this container.</summary>
    public List<CommentNode> Foot { get; } = [];

    public bool IsBlockContainer => Scalar is null && !IsFlow && !IsAlias;

    public DocumentNode ToNode()
    {
        if (Scalar is not null) return Scalar;
        if (IsMap) return ToMap();
        var list = new ListNode();
        foreach (var child in Children)
        {
            list.Items.AddRange(child.Before);
            list.Items.Add(child.ToNode());
        }
        list.Items.AddRange(Foot);
        return list;
    }

    public MapNode ToMap()
    {
        var map = new MapNode();
        foreach (var child in Children)
        {
            foreach (var comment in child.Before) map.Add(comment);
            map.Add(child.Key!, child.ToNode());
        }
        foreach (var comment in Foot) map.Add(comment);
        return map;
    }
}
