namespace GitOpsSecrets.Controller.Kube;

/// <summary>A page of a list.</summary>
internal sealed class ListPage<T>
    where T : class
{
    public ListMetadata? Metadata { get; set; }
    public List<ListItem<T>>? Items { get; set; }

    /// <summary>What to ask the next page with, or <c>null</c> on the last one.</summary>
    public string? Continue => string.IsNullOrEmpty(Metadata?.Continue) ? null : Metadata.Continue;
}
