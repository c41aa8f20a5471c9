namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>How Google Cloud is logged in to; as the controller's own pod when absent.</summary>
public sealed record GcpAuth
{
    public GcpSecretRef? SecretRef { get; init; }
    public GcpWorkloadIdentity? WorkloadIdentity { get; init; }
    public GcpWorkloadIdentityFederation? WorkloadIdentityFederation { get; init; }
}
