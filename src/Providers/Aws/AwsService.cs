namespace GitOpsSecrets.Providers.Aws;

/// <summary>A service of AWS, as requests to it name it.</summary>
/// <param name="Label">The original's label in metrics, such as <c>AWS/SecretsManager</c>.</param>
/// <param name="SigningName">In the credential scope of a signature.</param>
/// <param name="Host">The first part of its host name.</param>
/// <param name="TargetPrefix">Before the operation in <c>X-Amz-Target</c>; empty where the protocol has no such header.</param>
/// <param name="EndpointVariables">The environment variables that can name another endpoint, the first that is set counts.</param>
internal sealed record AwsService(string Label, string SigningName, string Host, string TargetPrefix, params string[] EndpointVariables)
{
    public static AwsService SecretsManager { get; } = new("AWS/SecretsManager", "secretsmanager", "secretsmanager", "secretsmanager", "AWS_SECRETSMANAGER_ENDPOINT", "AWS_ENDPOINT_URL_SECRETS_MANAGER");

    public static AwsService ParameterStore { get; } = new("AWS/ParameterStore", "ssm", "ssm", "AmazonSSM", "AWS_SSM_ENDPOINT", "AWS_ENDPOINT_URL_SSM");

    public static AwsService CertificateManager { get; } = new("AWS/CertificateManager", "acm", "acm", "CertificateManager", "AWS_ACM_ENDPOINT", "AWS_ENDPOINT_URL_ACM");

    /// <summary>Finds what has a tag. Counted as a call of Certificate Manager, as in the original: nothing else asks it.</summary>
    public static AwsService Tagging { get; } = new(
        "AWS/CertificateManager", "tagging", "tagging", "ResourceGroupsTaggingAPI_20170126", "AWS_RESOURCE_GROUPS_TAGGING_API_ENDPOINT", "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API");

    public static AwsService SecurityTokens { get; } = new("AWS/STS", "sts", "sts", "", "AWS_STS_ENDPOINT", "AWS_ENDPOINT_URL_STS");

    public static AwsService Registry { get; } = new("AWS/ECR", "ecr", "api.ecr", "AmazonEC2ContainerRegistry_V20150921", "AWS_ECR_ENDPOINT", "AWS_ENDPOINT_URL_ECR");

    public static AwsService KeyManagement { get; } = new("AWS/KMS", "kms", "kms", "TrentService", "AWS_ENDPOINT_URL_KMS");

    public static AwsService PublicRegistry { get; } = new("AWS/ECRPublic", "ecr-public", "api.ecr-public", "SpencerFrontendService", "AWS_ECR_PUBLIC_ENDPOINT", "AWS_ENDPOINT_URL_ECR_PUBLIC");
}
