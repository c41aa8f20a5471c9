using Amazon.Runtime;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What a request is signed with.</summary>
/// <param name="AccessKeyId">Goes in clear.</param>
/// <param name="SecretAccessKey">Never goes anywhere.</param>
/// <param name="SessionToken">With temporary ones; null otherwise.</param>
/// <param name="ExpiresAt">Null lives on for ever.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken, DateTimeOffset? ExpiresAt)
{
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is no key in it.</exception>
    public AWSCredentials ForSdk()
    {
        if (AccessKeyId.Length == 0 || SecretAccessKey.Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "the AWS access key is empty");
        return string.IsNullOrEmpty(SessionToken) ? new BasicAWSCredentials(AccessKeyId, SecretAccessKey) : new SessionAWSCredentials(AccessKeyId, SecretAccessKey, SessionToken);
    }

    public override string ToString() => "AWS credentials";
}
