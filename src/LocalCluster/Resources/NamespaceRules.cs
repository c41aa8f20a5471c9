using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Resources;

internal static class NamespaceRules
{
    public static ResourceRules Rules { get; } = new(Prepare);

    private static void Prepare(JsonObject? old, JsonObject ns)
    {
        var metadata = ns["metadata"]!.AsObject();
        var labels = metadata["labels"] as JsonObject;
        if (labels is null) metadata["labels"] = labels = [];
        labels["kubernetes.io/metadata.name"] = metadata["name"]!.GetValue<string>();
        if (old is not null) return;
        ns["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        ns["status"] = new JsonObject { ["phase"] = "Active" };
    }
}
