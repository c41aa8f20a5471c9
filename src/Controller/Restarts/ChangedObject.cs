using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>What was written, and differs from what was there in what its readers read.</summary>
/// <param name="IsUsedBy">Whether the pods of a workload read it; null where no pod can.</param>
internal sealed record ChangedObject(string Namespace, string Name, Func<JsonObject, bool>? IsUsedBy)
{
    public static ChangedObject Secret(string @namespace, string name) => new(@namespace, name, workload => PodUse.OfSecret(workload, name));

    public static ChangedObject ConfigMap(string @namespace, string name) => new(@namespace, name, workload => PodUse.OfConfigMap(workload, name));

    public static ChangedObject Other(string @namespace, string name) => new(@namespace, name, null);
}
