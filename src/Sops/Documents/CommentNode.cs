namespace GitOpsSecrets.Sops.Documents;

/// <summary>One line of comment.</summary>
/// <param name="text">What follows the comment sign, with the space after it if there is one.</param>
/// <param name="inline">Whether it stands on the line of the scalar that follows it in the tree, behind the value (YAML).</param>
public sealed class CommentNode(string text, bool inline = false) : DocumentNode
{
    public string Text { get; } = text;

    public bool Inline { get; } = inline;

    public override void Clear() { }

    public override CommentNode Clone() => new(Text, Inline);

    public override string ToString() => nameof(CommentNode);
}
