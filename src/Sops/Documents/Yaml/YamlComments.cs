namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>Finds the comments of a text and puts each into the container that it stands in.</summary>
internal static class YamlComments
{
    /// <param name="text">The whole text, lines ended by LF.</param>
    /// <param name="scalars">Spans in text order, where a sign is no comment.</param>
    public static IEnumerable<YamlComment> Find(string text, IReadOnlyList<(int Start, int End)> scalars)
    {
        var line = 1;
        var lineStart = 0;
        var next = 0;
        for (var i = 0; i < text.Length; i++)
        {
            while (next < scalars.Count && scalars[next].End <= i) next++;
            var c = text[i];
            if (c == '\n')
            {
                line++;
                lineStart = i + 1;
            }
            if (c != '#' || (next < scalars.Count && scalars[next].Start <= i)) continue;
            // Behind other text, a comment needs a space before it. A directive line (%…) may hold none.
            if (i > lineStart && text[i - 1] is not (' ' or '\t')) continue;
            var end = text.IndexOf('\n', i);
            if (end < 0) end = text.Length;
            yield return new YamlComment(i, line, i - lineStart + 1, text[(i + 1)..end]);
            i = end - 1;
        }
    }

    /// <summary>
    /// Which container a comment belongs to, as go-yaml sees it: what stands between two entries belongs to their container, unless it is
    /// indented like the entries of the deeper one that just ended. A comment on the line of a scalar goes with that scalar.
    /// </summary>
    public static void Place(YamlPart container, YamlComment comment)
    {
        var index = LastBefore(container.Children, comment.Offset);
        if (index < 0)
        {
            Target(container, 0).Add(new CommentNode(comment.Text));
            return;
        }
        var child = container.Children[index];
        if (!child.IsBlockContainer || child.Children.Count == 0)
        {
            var isInline = comment.Line <= child.EndLine;
            // A comment inside a flow collection has no better place than before it.
            if (isInline || comment.Offset < child.End) child.Before.Add(new CommentNode(comment.Text, isInline && child.Scalar is not null));
            else Target(container, index + 1).Add(new CommentNode(comment.Text));
            return;
        }
        var isBehindKey = child.Key is not null && comment.Line == child.StartLine && comment.Offset < child.Children[0].Start;
        if (isBehindKey) child.Before.Add(new CommentNode(comment.Text));
        else if (IsInside(container, child, comment)) Place(child, comment);
        else Target(container, index + 1).Add(new CommentNode(comment.Text));
    }

    /// <summary>Children stand in text order, so that many comments among many keys cost no square of time.</summary>
    private static int LastBefore(List<YamlPart> children, int offset)
    {
        var low = 0;
        var high = children.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (children[middle].Start < offset) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    private static bool IsInside(YamlPart container, YamlPart child, YamlComment comment) =>
        comment.Offset < child.End
        || comment.Line == child.EndLine
        || (comment.Column >= child.Column && comment.Column > container.Column);

    private static List<CommentNode> Target(YamlPart container, int index) =>
        index < container.Children.Count ? container.Children[index].Before : container.Foot;
}
