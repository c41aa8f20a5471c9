using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// What is known of an object whose content is none of our business: a Secret is watched as this, so that the memory of the process
/// neither holds other people's plaintext nor grows with it. <c>kubectl.kubernetes.io/last-applied-configuration</c>, which repeats
/// the content of a Secret, and <c>managedFields</c> are left out.
/// </summary>
internal sealed class PartialObjectMetadata
{
    public required NamespacedName Key { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public string? CreationTimestamp { get; init; }

    /// <summary>Counts the editions of what the object says; null where the API server does not count them.</summary>
    public long? Generation { get; init; }

    /// <summary>Deletion was asked for; finalizers hold the object.</summary>
    public bool Deleting { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; } = [];
    public IReadOnlyList<OwnerReference> OwnerReferences { get; init; } = [];

    /// <summary>The value of a label, or <c>null</c>.</summary>
    public string? Label(string key) => Find(Labels, key);

    /// <summary>The value of an annotation, or <c>null</c>.</summary>
    public string? Annotation(string key) => Find(Annotations, key);

    // A list of a few pairs is a third of a dictionary's memory, and as fast to search.
    private static string? Find(IReadOnlyList<KeyValuePair<string, string>> pairs, string key)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            if (string.Equals(pairs[i].Key, key, StringComparison.Ordinal))
            {
                return pairs[i].Value;
            }
        }

        return null;
    }
}
