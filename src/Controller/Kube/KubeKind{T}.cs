using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Where objects of a kind live, and how one is read from JSON, named and told from its older self.</summary>
/// <param name="Resource">Where they live.</param>
/// <param name="TypeInfo">How one is read and written.</param>
/// <param name="Key">An object's name.</param>
/// <param name="ResourceVersion">An object's <c>metadata.resourceVersion</c>.</param>
internal sealed record KubeKind<T>(
    KubeResource Resource,
    JsonTypeInfo<T> TypeInfo,
    Func<T, NamespacedName> Key,
    Func<T, string?> ResourceVersion)
    where T : class
{
    /// <summary>The media type asked for when one object is answered or watched.</summary>
    public string ObjectAccept { get; init; } = "application/json";

    /// <summary>The media type asked for when a list is answered.</summary>
    public string ListAccept { get; init; } = "application/json";

    /// <summary>How a page of a list is read: item by item from the stream, so that no more than one item is held as text.</summary>
    public JsonTypeInfo<ListPage<T>> PageTypeInfo { get; } = ListPageJson.For(TypeInfo);
}
