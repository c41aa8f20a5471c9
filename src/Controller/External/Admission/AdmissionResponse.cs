namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>Whether it may be done.</summary>
internal sealed record AdmissionResponse
{
    public required string Uid { get; init; }
    public required bool Allowed { get; init; }
    public AdmissionStatus? Status { get; init; }

    /// <summary>Shown to whoever asked, also when it is allowed.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}
