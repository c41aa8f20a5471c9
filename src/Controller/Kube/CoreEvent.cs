using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>A core/v1 Event.</summary>
internal sealed record CoreEvent
{
    public string ApiVersion { get; init; } = "v1";
    public string Kind { get; init; } = "Event";
    public ObjectMeta Metadata { get; init; } = new();
    public required EventSubject InvolvedObject { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public EventSource? Source { get; init; }
    public string? FirstTimestamp { get; init; }
    public string? LastTimestamp { get; init; }
    public int? Count { get; init; }
    public string? Type { get; init; }
    public string? ReportingComponent { get; init; }
    public string? ReportingInstance { get; init; }
}
