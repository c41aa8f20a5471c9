using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>One thing that is or is not so. Times are RFC 3339, UTC, whole seconds.</summary>
public sealed record Condition
{
    public const string Ready = "Ready";
    public const string Reconciling = "Reconciling";
    public const string Stalled = "Stalled";

    public required string Type { get; init; }

    /// <summary>True, False or Unknown.</summary>
    public required string Status { get; init; }

    public string? Reason { get; init; }
    public string? Message { get; init; }

    [Schema(Format = "date-time")]
    public string? LastTransitionTime { get; init; }
}
