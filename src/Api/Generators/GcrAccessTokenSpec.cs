using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token for Google container registries.</summary>
[GeneratorKind(GeneratorKinds.GcrAccessToken)]
public sealed record GcrAccessTokenSpec
{
    public required AuthBlock Auth { get; init; }
    public required string ProjectID { get; init; }

    public sealed record AuthBlock
    {
        public GcpSecretRef? SecretRef { get; init; }
        public WorkloadIdentityBlock? WorkloadIdentity { get; init; }
        public GcpWorkloadIdentityFederation? WorkloadIdentityFederation { get; init; }
    }

    public sealed record WorkloadIdentityBlock
    {
        public required string ClusterLocation { get; init; }
        public required string ClusterName { get; init; }
        public string? ClusterProjectID { get; init; }
        public required ServiceAccountSelector ServiceAccountRef { get; init; }
    }
}
