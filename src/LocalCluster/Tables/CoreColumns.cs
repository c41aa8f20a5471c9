using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Tables;

/// <summary>
/// Columns of the built-in kinds, as <c>kubectl get</c> shows them. Beside JSONPath a column may count (<c>len:PATH</c>),
/// take the first that is there (<c>first:A|B</c>) or show a share (<c>ratio:A|B</c>).
/// </summary>
internal static class CoreColumns
{
    private static readonly PrinterColumn Name = new("Name", "string", ".metadata.name", Format: "name");
    private static readonly PrinterColumn Age = new("Age", "string", ".metadata.creationTimestamp", Format: "age");

    private static readonly Dictionary<string, PrinterColumn[]> ByPlural = new(StringComparer.Ordinal)
    {
        ["secrets"] = [Text("Type", ".type"), Number("Data", "len:.data")],
        ["configmaps"] = [Number("Data", "len:.data")],
        ["namespaces"] = [Text("Status", ".status.phase")],
        ["serviceaccounts"] = [Number("Secrets", "len:.secrets")],
        ["services"] = [Text("Type", ".spec.type"), Text("Cluster-IP", ".spec.clusterIP"), Text("Port(s)", ".spec.ports[*].port")],
        ["endpoints"] = [Text("Endpoints", ".subsets[*].addresses[*].ip")],
        ["pods"] = [Text("Ready", "ratio:.status.readyCount|len:.spec.containers"), Text("Status", ".status.phase"), Number("Restarts", ".status.restarts")],
        ["deployments"] = [Text("Ready", "ratio:.status.readyReplicas|.spec.replicas"), Number("Up-to-date", ".status.updatedReplicas"), Number("Available", ".status.availableReplicas")],
        ["replicasets"] = [Number("Desired", ".spec.replicas"), Number("Current", ".status.replicas"), Number("Ready", ".status.readyReplicas")],
        ["statefulsets"] = [Text("Ready", "ratio:.status.readyReplicas|.spec.replicas")],
        ["leases"] = [Text("Holder", ".spec.holderIdentity")],
        ["rolebindings"] = [Text("Role", ".roleRef.name")],
        ["clusterrolebindings"] = [Text("Role", ".roleRef.name")],
    };

    private static readonly PrinterColumn[] Events =
    [
        new("Last Seen", "string", "first:.series.lastObservedTime|.lastTimestamp|.deprecatedLastTimestamp|.eventTime|.metadata.creationTimestamp", Format: "age"),
        Text("Type", ".type"),
        Text("Reason", ".reason"),
        Text("Object", "first:.involvedObject.kind|.regarding.kind"),
        Text("Name", "first:.involvedObject.name|.regarding.name"),
        Text("Message", "first:.message|.note"),
    ];

    public static IReadOnlyList<PrinterColumn> For(string plural, string group) => plural switch
    {
        "events" => Events,
        "customresourcedefinitions" => [Name, new PrinterColumn("Created At", "date", ".metadata.creationTimestamp", Format: "time")],
        "roles" or "clusterroles" => [Name, new PrinterColumn("Created At", "date", ".metadata.creationTimestamp", Format: "time")],
        _ when ByPlural.TryGetValue(plural, out var columns) => [Name, .. columns, Age],
        _ => [Name, Age],
    };

    private static PrinterColumn Text(string name, string path) => new(name, "string", path);

    private static PrinterColumn Number(string name, string path) => new(name, "integer", path);
}
