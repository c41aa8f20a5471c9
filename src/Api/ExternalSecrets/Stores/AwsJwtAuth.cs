namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>A role assumed by the token of a ServiceAccount.</summary>
public sealed record AwsJwtAuth
{
    public ServiceAccountSelector? ServiceAccountRef { get; init; }
}
