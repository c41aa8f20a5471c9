namespace GitOpsSecrets.Controller.External.Admission;

/// <summary><c>admission.k8s.io/v1</c>: a question of the API server, or our answer to it.</summary>
internal sealed record AdmissionReview
{
    public const string Version = "admission.k8s.io/v1";

    public string? Kind { get; init; } = "AdmissionReview";
    public string? ApiVersion { get; init; } = Version;
    public AdmissionRequest? Request { get; init; }
    public AdmissionResponse? Response { get; init; }
}
