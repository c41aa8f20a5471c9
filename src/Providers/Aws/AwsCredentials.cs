namespace GitOpsSecrets.Providers.Aws;

/// <summary>What a request is signed with.</summary>
/// <param name="AccessKeyId">Goes in clear.</param>
/// <param name="SecretAccessKey">Never goes anywhere.</param>
/// <param name="SessionToken">With temporary ones; null otherwise.</param>
/// <param name="ExpiresAt">Null lives on for ever.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken, DateTimeOffset? ExpiresAt)
{
    public override string ToString() => "AWS credentials";
}
