using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary><c>metadata.finalizers</c>: what must happen before an object goes.</summary>
internal static class Finalizers
{
    public const string Orphan = "orphan";
    public const string Foreground = "foregroundDeletion";

    public static List<string> Of(JsonObject json) =>
        [.. (json["metadata"]?["finalizers"] as JsonArray ?? []).Select(name => name!.GetValue<string>())];

    public static void Set(JsonObject json, IReadOnlyCollection<string> names)
    {
        var metadata = json["metadata"]!.AsObject();
        metadata.Remove("finalizers");
        if (names.Count > 0) metadata["finalizers"] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
    }

    /// <summary>Whether anything still holds the object; a namespace is also held by its own <c>spec.finalizers</c>.</summary>
    public static bool Hold(JsonObject json) =>
        Of(json).Count > 0 || (json["kind"]?.GetValue<string>() == "Namespace" && json["spec"]?["finalizers"] is JsonArray { Count: > 0 });

    /// <summary>What a deletion with this policy waits for.</summary>
    public static List<string> ForDeletion(JsonObject json, string? policy)
    {
        var names = Of(json);
        if (policy is null) return names;
        names.RemoveAll(name => name is Orphan or Foreground);
        if (policy == "Orphan") names.Add(Orphan);
        if (policy == "Foreground") names.Add(Foreground);
        return names;
    }
}
