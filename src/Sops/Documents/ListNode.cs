namespace GitOpsSecrets.Sops.Documents;

/// <summary>A list. Comments stand among its items.</summary>
public sealed class ListNode : DocumentNode
{
    public ListNode() { }

    public ListNode(IEnumerable<DocumentNode> items) => Items.AddRange(items);

    public List<DocumentNode> Items { get; } = [];

    public override void Clear()
    {
        foreach (var item in Items) item.Clear();
    }

    public override ListNode Clone() => new(Items.Select(i => i.Clone()));
}
