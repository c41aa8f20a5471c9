namespace GitOpsSecrets.Controller.Kube;

/// <summary>Which objects of a kind.</summary>
internal sealed record ListQuery
{
    /// <summary>All objects of the cluster that we may see.</summary>
    public static ListQuery Everything { get; } = new();

    /// <summary>One namespace; <c>null</c> or empty: all.</summary>
    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Objects a page; zero: all in one.</summary>
    public int PageSize { get; init; } = 500;
}
