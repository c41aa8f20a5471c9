namespace GitOpsSecrets.Api;

/// <summary>A condition as Sealed Secrets writes it. Times are RFC 3339, UTC, whole seconds.</summary>
public sealed record StatusCondition
{
    public required string Type { get; init; }
    public required string Status { get; init; }
    public string? LastUpdateTime { get; init; }
    public string? LastTransitionTime { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
}
