namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>A template by its name: the main one, or one made by <c>define</c> or <c>block</c>.</summary>
internal sealed record ParsedTemplate(string Name, Node.Sequence Root)
{
    /// <summary>Whether there is nothing in it but white space, so that another definition of its name may take its place.</summary>
    public bool IsEmpty => Root.Nodes.TrueForAll(node => node is Node.Text text && string.IsNullOrWhiteSpace(text.Bytes.ToText()));
}
