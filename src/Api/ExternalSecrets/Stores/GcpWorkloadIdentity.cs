namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>A ServiceAccount that stands for a service account of Google Cloud.</summary>
public sealed record GcpWorkloadIdentity
{
    public required ServiceAccountSelector ServiceAccountRef { get; init; }

    /// <summary>Asked of the metadata server when absent, as are the next two.</summary>
    public string? ClusterLocation { get; init; }
    public string? ClusterName { get; init; }
    public string? ClusterProjectID { get; init; }
}
