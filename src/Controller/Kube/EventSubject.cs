using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>The object that an Event is about.</summary>
internal sealed record EventSubject
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }

    /// <summary>The subject with this metadata.</summary>
    public static EventSubject Of(string apiVersion, string kind, ObjectMeta metadata) => new()
    {
        ApiVersion = apiVersion,
        Kind = kind,
        Namespace = metadata.Namespace,
        Name = metadata.Name ?? "",
        Uid = metadata.Uid,
        ResourceVersion = metadata.ResourceVersion,
    };
}
