using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>The roles every cluster starts with, as far as clients lean on them.</summary>
internal static class BootstrapRoles
{
    private const string Api = "rbac.authorization.k8s.io/v1";
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
    private static readonly string[] Groups = ["", "apps", "batch", "autoscaling", "networking.k8s.io", "policy", "coordination.k8s.io", "events.k8s.io"];

    public static IEnumerable<JsonObject> Roles() =>
    [
        Role("cluster-admin", Rule(["*"], ["*"], ["*"]), PathRule("*", "*")),
        Role("system:discovery", PathRule("get", "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/")),
        Role("system:public-info-viewer", PathRule("get", "/healthz", "/livez", "/readyz", "/version", "/version/")),
        Role("system:basic-user",
            Rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
            Rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"])),
        Role("system:service-account-issuer-discovery", PathRule("get", "/.well-known/openid-configuration", "/openid/v1/jwks")),
        Role("system:auth-delegator",
            Rule(["authentication.k8s.io"], ["tokenreviews"], ["create"]),
            Rule(["authorization.k8s.io"], ["subjectaccessreviews"], ["create"])),
        Role("admin", Rule(Groups, ["*"], Write), Rule(["rbac.authorization.k8s.io"], ["roles", "rolebindings"], Write)),
        Role("edit", Rule(Groups, ["*"], Write)),
        Role("view", Rule([""], ["configmaps", "endpoints", "events", "namespaces", "pods", "serviceaccounts", "services"], Read), Rule(Groups[1..], ["*"], Read)),
    ];

    public static IEnumerable<JsonObject> Bindings() =>
    [
        Binding("cluster-admin", UserInfo.Masters),
        Binding("system:discovery", UserInfo.Authenticated),
        Binding("system:public-info-viewer", UserInfo.Authenticated, "system:unauthenticated"),
        Binding("system:basic-user", UserInfo.Authenticated),
        Binding("system:service-account-issuer-discovery", "system:serviceaccounts"),
    ];

    private static JsonObject Role(string name, params JsonObject[] rules) => new()
    {
        ["apiVersion"] = Api,
        ["kind"] = "ClusterRole",
        ["metadata"] = Metadata(name),
        ["rules"] = new JsonArray([.. rules]),
    };

    private static JsonObject Binding(string name, params string[] groups) => new()
    {
        ["apiVersion"] = Api,
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = Metadata(name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = name },
        ["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = group })]),
    };

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
    };

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) =>
        new() { ["apiGroups"] = List(groups), ["resources"] = List(resources), ["verbs"] = List(verbs) };

    private static JsonObject PathRule(string verb, params string[] paths) => new() { ["nonResourceURLs"] = List(paths), ["verbs"] = List([verb]) };

    private static JsonArray List(string[] texts) => [.. texts.Select(text => (JsonNode)text)];
}
