using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Makes <see cref="KubeKind{T}"/>s.</summary>
internal static class KubeKind
{
    /// <summary>A kind of ours: <paramref name="typeInfo"/> reads and writes it, <paramref name="metadata"/> finds its metadata.</summary>
    public static KubeKind<T> Of<T>(KubeResource resource, JsonTypeInfo<T> typeInfo, Func<T, ObjectMeta> metadata)
        where T : class =>
        new(resource, typeInfo, item => KeyOf(metadata(item)), item => metadata(item).ResourceVersion);

    /// <summary>Any kind, as JSON.</summary>
    public static KubeKind<JsonObject> Untyped(KubeResource resource) =>
        new(resource, KubeJson.Default.JsonObject, UntypedKey, item => item["metadata"]?["resourceVersion"].AsText());

    /// <summary>
    /// Any kind, its metadata alone: asked for and answered without the rest, and what comes all the same is not kept.
    /// Strings that many objects share are held once per call of this.
    /// </summary>
    public static KubeKind<PartialObjectMetadata> MetadataOf(KubeResource resource) =>
        new(resource, PartialObjectMetadataConverter.NewTypeInfo(), item => item.Key, item => item.ResourceVersion)
        {
            ObjectAccept = Accept("PartialObjectMetadata"),
            ListAccept = Accept("PartialObjectMetadataList"),
        };

    private static string Accept(string form) => $"application/json;as={form};g=meta.k8s.io;v=v1,application/json";

    private static NamespacedName KeyOf(ObjectMeta metadata) => new(metadata.Namespace ?? "", metadata.Name ?? "");

    private static NamespacedName UntypedKey(JsonObject item)
    {
        var metadata = item["metadata"];
        return new(metadata?["namespace"].AsText() ?? "", metadata?["name"].AsText() ?? "");
    }
}
