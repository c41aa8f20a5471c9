namespace GitOpsSecrets.Providers.Aws;

/// <summary>A role to be assumed.</summary>
internal sealed record AwsRole(string Arn)
{
    /// <summary>As the original calls its sessions, so that conditions of policies go on to match.</summary>
    public const string SessionName = "external-secrets-provider-aws";

    public string? ExternalId { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];
    public IReadOnlyList<string> TransitiveTagKeys { get; init; } = [];
}
