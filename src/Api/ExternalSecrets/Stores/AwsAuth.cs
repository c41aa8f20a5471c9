namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>How AWS is logged in to; as the controller's own pod when absent.</summary>
public sealed record AwsAuth
{
    public AwsCredentialsRef? SecretRef { get; init; }
    public AwsJwtAuth? Jwt { get; init; }
}
