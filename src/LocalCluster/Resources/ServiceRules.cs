using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Services get the defaults a client may read back. No address is given out: nothing routes here.</summary>
internal static class ServiceRules
{
    public static ResourceRules Rules { get; } = new(Prepare);

    private static void Prepare(JsonObject? old, JsonObject service)
    {
        var spec = service["spec"] as JsonObject;
        if (spec is null) service["spec"] = spec = [];
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        foreach (var port in spec["ports"] as JsonArray ?? [])
        {
            if (port is not JsonObject entry) continue;
            entry["protocol"] ??= "TCP";
            if (entry["targetPort"] is null && entry["port"] is { } number) entry["targetPort"] = number.DeepClone();
        }

        if (old is null) service["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
    }
}
