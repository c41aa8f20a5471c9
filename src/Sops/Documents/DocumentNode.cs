namespace GitOpsSecrets.Sops.Documents;

/// <summary>A part of a document: <see cref="MapNode"/>, <see cref="ListNode"/>, <see cref="ScalarNode"/> or <see cref="CommentNode"/>.</summary>
public abstract class DocumentNode
{
    private protected DocumentNode() { }

    /// <summary>Overwrites the plaintext that this part and all below it hold.</summary>
    public abstract void Clear();

    /// <summary>A copy that shares nothing with this one.</summary>
    public abstract DocumentNode Clone();
}
