using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>A stored object in the version a client asked for.</summary>
internal static class ObjectView
{
    /// <summary>A copy that the caller may change.</summary>
    public static JsonObject Copy(StoredObject stored, ResourceType type)
    {
        var copy = stored.Copy();
        if (type.StoredAsServed) return copy;
        type.FromStorage?.Invoke(copy);
        copy["apiVersion"] = type.ApiVersion;
        return copy;
    }

    /// <summary>For reading only.</summary>
    public static JsonObject Json(StoredObject stored, ResourceType type) => type.StoredAsServed ? stored.Json : Copy(stored, type);

    public static ReadOnlyMemory<byte> Utf8(StoredObject stored, ResourceType type) => type.StoredAsServed ? stored.Utf8 : JsonText.ToUtf8(Copy(stored, type));
}
