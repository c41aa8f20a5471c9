using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>Whether pods made from a workload's template read a Secret: as a volume, as environment variables, to pull images. Pure.</summary>
internal static class SecretUse
{
    public static bool Uses(JsonObject workload, string secret)
    {
        var pod = Map(Map(Map(workload["spec"])?["template"])?["spec"]);
        if (pod is null) return false;
        return Items(pod["volumes"]).Any(volume => IsVolumeOf(volume, secret))
            || Items(pod["imagePullSecrets"]).Any(reference => Names(reference, secret))
            || Items(pod["containers"]).Concat(Items(pod["initContainers"])).Any(container => ReadsByEnvironment(container, secret));
    }

    private static bool IsVolumeOf(JsonObject volume, string secret) =>
        Text(Map(volume["secret"])?["secretName"]) == secret
        || Items(Map(volume["projected"])?["sources"]).Any(source => Names(Map(source["secret"]), secret))
        // A driver's own credentials.
        || Names(Map(Map(volume["csi"])?["nodePublishSecretRef"]), secret);

    private static bool ReadsByEnvironment(JsonObject container, string secret) =>
        Items(container["env"]).Any(variable => Names(Map(Map(variable["valueFrom"])?["secretKeyRef"]), secret))
        || Items(container["envFrom"]).Any(source => Names(Map(source["secretRef"]), secret));

    private static bool Names(JsonObject? reference, string secret) => Text(reference?["name"]) == secret;

    private static JsonObject? Map(JsonNode? node) => node as JsonObject;

    private static IEnumerable<JsonObject> Items(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
