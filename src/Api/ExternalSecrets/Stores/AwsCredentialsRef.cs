namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>A static access key of AWS.</summary>
public sealed record AwsCredentialsRef
{
    public SecretKeySelector? AccessKeyIDSecretRef { get; init; }
    public SecretKeySelector? SecretAccessKeySecretRef { get; init; }

    /// <summary>With temporary credentials.</summary>
    public SecretKeySelector? SessionTokenSecretRef { get; init; }
}
