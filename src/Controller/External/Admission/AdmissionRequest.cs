using System.Text.Json;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>What somebody wants to do.</summary>
internal sealed record AdmissionRequest
{
    public string? Uid { get; init; }

    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public string? Operation { get; init; }

    /// <summary>The object as it shall be; none when it is deleted.</summary>
    public JsonElement? Object { get; init; }

    /// <summary>The object as it is; none when it is created.</summary>
    public JsonElement? OldObject { get; init; }
}
