using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Pods and what makes them are stored, never run: there are no nodes.</summary>
internal static class WorkloadRules
{
    public static ResourceRules Pod { get; } = new((old, pod) =>
    {
        if (pod["spec"] is JsonObject spec) DefaultPodSpec(spec);
        if (old is null) pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
    });

    public static ResourceRules Deployment { get; } = new((_, deployment) =>
    {
        if (deployment["spec"] is not JsonObject spec) return;
        spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        spec["progressDeadlineSeconds"] ??= 600;
        spec["strategy"] ??= new JsonObject
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" },
        };
        DefaultTemplate(spec);
    });

    public static ResourceRules Templated { get; } = new((_, workload) =>
    {
        if (workload["spec"] is JsonObject spec) DefaultTemplate(spec);
    });

    private static void DefaultTemplate(JsonObject spec)
    {
        if (spec["template"]?["spec"] is JsonObject pod) DefaultPodSpec(pod);
    }

    private static void DefaultPodSpec(JsonObject spec)
    {
        spec["restartPolicy"] ??= "Always";
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["securityContext"] ??= new JsonObject();
        spec["schedulerName"] ??= "default-scheduler";
        foreach (var container in spec["containers"] as JsonArray ?? [])
        {
            if (container is not JsonObject entry) continue;
            entry["terminationMessagePath"] ??= "/dev/termination-log";
            entry["terminationMessagePolicy"] ??= "File";
            entry["imagePullPolicy"] ??= "IfNotPresent";
            entry["resources"] ??= new JsonObject();
            foreach (var port in entry["ports"] as JsonArray ?? [])
            {
                if (port is JsonObject named) named["protocol"] ??= "TCP";
            }
        }
    }
}
