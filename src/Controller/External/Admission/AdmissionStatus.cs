using System.Text.Json.Serialization;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>Why it may not be done: all reasons in one text, and each with its field.</summary>
internal sealed record AdmissionStatus
{
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public int? Code { get; init; }
    public Causes? Details { get; init; }

    internal sealed record Causes
    {
        [JsonPropertyName("causes")]
        public required IReadOnlyList<Cause> All { get; init; }
    }

    internal sealed record Cause
    {
        public required string Reason { get; init; }
        public required string Message { get; init; }
        public required string Field { get; init; }
    }
}
