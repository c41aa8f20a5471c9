namespace GitOpsSecrets.Api;

/// <summary>What is taken from the answer of an HTTP endpoint.</summary>
public sealed record WebhookResult
{
    /// <summary>JSON path into the answer; the whole answer when absent.</summary>
    public string? JsonPath { get; init; }
}
