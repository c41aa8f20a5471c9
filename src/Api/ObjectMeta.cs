using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>
/// Kubernetes object metadata, in the field order in which Go prints it. Fields that Kubernetes does not define are dropped
/// on reading, as the originals drop them; <c>null</c> and empty fields are not written.
/// </summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }
    public string? GenerateName { get; init; }
    public string? Namespace { get; init; }
    public string? SelfLink { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public long? Generation { get; init; }
    public string? CreationTimestamp { get; init; }
    public string? DeletionTimestamp { get; init; }
    public long? DeletionGracePeriodSeconds { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Labels { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>Kept as it came; nothing of ours looks inside.</summary>
    public JsonArray? ManagedFields { get; init; }

    /// <summary>The value of an annotation, or <c>null</c> when it is absent.</summary>
    public string? Annotation(string key) => Annotations is not null && Annotations.TryGetValue(key, out var value) ? value : null;

    /// <summary>Whether an annotation is present with exactly the value <c>true</c>: any other value counts as absent.</summary>
    public bool HasTrueAnnotation(string key) => Annotation(key) is "true";
}
