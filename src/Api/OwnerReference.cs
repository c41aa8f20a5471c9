namespace GitOpsSecrets.Api;

public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Uid { get; init; }
    public bool? Controller { get; init; }
    public bool? BlockOwnerDeletion { get; init; }

    /// <summary>Of this group, whatever the version: other groups may have a kind of the same name.</summary>
    public bool IsOf(string group, string kind) => Kind == kind && ApiVersion.StartsWith(group + "/", StringComparison.Ordinal);
}
