namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>How failed calls are repeated.</summary>
public sealed record RetrySettings
{
    public int? MaxRetries { get; init; }

    /// <summary>The pause between tries, such as 5s.</summary>
    public GoDuration? RetryInterval { get; init; }
}
