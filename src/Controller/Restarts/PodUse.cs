using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>Whether pods made from a workload's template read a Secret or a ConfigMap: as a volume, as environment variables, to pull images. Pure.</summary>
internal static class PodUse
{
    public static bool OfSecret(JsonObject workload, string name) => Pod(workload) is { } pod
        && (Items(pod["imagePullSecrets"]).Any(reference => Names(reference, name))
            || Items(pod["volumes"]).Any(volume =>
                Map(volume["secret"])?["secretName"].AsText() == name
                || IsProjected(volume, "secret", name)
                // A driver's own credentials.
                || Names(Map(Map(volume["csi"])?["nodePublishSecretRef"]), name))
            || Containers(pod).Any(container => ReadsByEnvironment(container, "secretKeyRef", "secretRef", name)));

    public static bool OfConfigMap(JsonObject workload, string name) => Pod(workload) is { } pod
        && (Items(pod["volumes"]).Any(volume => Names(Map(volume["configMap"]), name) || IsProjected(volume, "configMap", name))
            || Containers(pod).Any(container => ReadsByEnvironment(container, "configMapKeyRef", "configMapRef", name)));

    private static JsonObject? Pod(JsonObject workload) => Map(Map(Map(workload["spec"])?["template"])?["spec"]);

    private static IEnumerable<JsonObject> Containers(JsonObject pod) => Items(pod["containers"]).Concat(Items(pod["initContainers"]));

    private static bool IsProjected(JsonObject volume, string source, string name) => Items(Map(volume["projected"])?["sources"]).Any(one => Names(Map(one[source]), name));

    private static bool ReadsByEnvironment(JsonObject container, string one, string all, string name) =>
        Items(container["env"]).Any(variable => Names(Map(Map(variable["valueFrom"])?[one]), name))
        || Items(container["envFrom"]).Any(source => Names(Map(source[all]), name));

    private static bool Names(JsonObject? reference, string name) => reference?["name"].AsText() == name;

    private static JsonObject? Map(JsonNode? node) => node as JsonObject;

    private static IEnumerable<JsonObject> Items(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();
}
