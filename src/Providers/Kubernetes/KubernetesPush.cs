using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>What a push makes of the remote Secret: decided here, written by <see cref="KubernetesSource"/>.</summary>
/// <param name="remoteNamespace">The store's.</param>
/// <param name="isClusterWide">Only a cluster store may push elsewhere.</param>
internal sealed class KubernetesPush(string remoteNamespace, bool isClusterWide)
{
    // Holds the whole source Secret, values included, under whatever key was asked for.
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const string Opaque = "Opaque";

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the metadata are not understood.</exception>
    public static KubernetesWishes WishesOf(PushRequest request)
    {
        if (string.IsNullOrEmpty(request.Place.Property) && !string.IsNullOrEmpty(request.SecretKey)) throw Invalid("requires property in RemoteRef to push secret value if secret key is defined");
        var wishes = PushMetadata<KubernetesWishes>.Read(request.Metadata, KubernetesWishesJson.Default.Metadata);
        if (wishes.TargetMergePolicy is not (null or "" or KubernetesWishes.Merge or KubernetesWishes.Replace or KubernetesWishes.Ignore)) throw Invalid($"unexpected target merge policy \"{wishes.TargetMergePolicy}\"");
        if (wishes.SourceMergePolicy is not (null or "" or KubernetesWishes.Merge or KubernetesWishes.Replace)) throw Invalid($"unexpected source merge policy \"{wishes.SourceMergePolicy}\"");
        return wishes;
    }

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it may not be another than the store's.</exception>
    public string NamespaceOf(KubernetesWishes wishes)
    {
        if (string.IsNullOrEmpty(wishes.RemoteNamespace)) return remoteNamespace;
        return isClusterWide ? wishes.RemoteNamespace : throw Invalid("remoteNamespace override is only supported with ClusterSecretStore");
    }

    public string NamespaceOf(RemotePlace place) => NamespaceOf(PushMetadata<KubernetesWishes>.Read(place.Metadata, KubernetesWishesJson.Default.Metadata));

    /// <param name="existing">Null when there is none yet.</param>
    /// <returns>The Secret as it shall be; the very one that exists when nothing changes.</returns>
    public Secret Wanted(Secret? existing, PushRequest request, KubernetesWishes wishes)
    {
        request.KeepsMetadata = true;
        var metadata = (existing?.Metadata ?? new ObjectMeta { Name = request.Place.Key, Namespace = NamespaceOf(wishes) }) with
        {
            Labels = Merged(existing?.Metadata.Labels, request.SourceLabels, wishes.Labels, wishes),
            Annotations = Merged(existing?.Metadata.Annotations, request.SourceAnnotations.Where(annotation => annotation.Key != LastApplied), wishes.Annotations, wishes),
        };
        var wanted = (existing ?? new Secret()) with { Metadata = metadata, Data = DataOf(existing, request), Type = TypeOf(existing, request) };
        return existing is not null && AreSame(existing, wanted) ? existing : wanted;
    }

    private static SortedDictionary<string, byte[]?> DataOf(Secret? existing, PushRequest request)
    {
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(request.Place.Property))
        {
            foreach (var (key, value) in request.Source.Entries) data[key] = value;
            return data;
        }

        foreach (var (key, value) in existing?.Data ?? []) data[key] = value;
        data[request.Place.Property] = PushedValue.Of(request);
        return data;
    }

    /// <summary>A Secret's type cannot change; one key more or less is no reason to try.</summary>
    private static string TypeOf(Secret? existing, PushRequest request)
    {
        if (existing?.Type is { Length: > 0 } type && !string.IsNullOrEmpty(request.Place.Property)) return type;
        return string.IsNullOrEmpty(request.SourceType) ? Opaque : request.SourceType;
    }

    private static SortedDictionary<string, string> Merged(SortedDictionary<string, string>? existing, IEnumerable<KeyValuePair<string, string>> source, SortedDictionary<string, string>? wished, KubernetesWishes wishes)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (wishes.TargetMergePolicy != KubernetesWishes.Replace) Add(merged, existing ?? []);
        if (wishes.TargetMergePolicy == KubernetesWishes.Ignore) return merged;
        if (wishes.SourceMergePolicy != KubernetesWishes.Replace) Add(merged, source);
        Add(merged, wished ?? []);
        return merged;
    }

    private static void Add(SortedDictionary<string, string> to, IEnumerable<KeyValuePair<string, string>> more)
    {
        foreach (var (key, value) in more) to[key] = value;
    }

    private static bool AreSame(Secret one, Secret other) =>
        one.Type == other.Type
        && (one.Metadata.Labels ?? []).SequenceEqual(other.Metadata.Labels ?? [])
        && (one.Metadata.Annotations ?? []).SequenceEqual(other.Metadata.Annotations ?? [])
        && (one.Data?.Count ?? 0) == other.Data!.Count
        && other.Data.All(entry => one.Data!.TryGetValue(entry.Key, out var value) && (value ?? []).AsSpan().SequenceEqual(entry.Value ?? []));

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
