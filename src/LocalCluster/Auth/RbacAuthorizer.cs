using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>Answers from the stored Roles, ClusterRoles and their bindings; <c>system:masters</c> may do all.</summary>
internal sealed class RbacAuthorizer(ObjectStore store)
{
    private const string Suffix = ".rbac.authorization.k8s.io";

    public bool Allows(UserInfo user, AccessQuestion question) => user.IsMaster || RulesFor(user, question.Namespace).Any(rule => Covers(rule, question));

    /// <summary>All rules that hold for a user in a namespace (empty: cluster-wide only).</summary>
    public IEnumerable<JsonObject> RulesFor(UserInfo user, string ns)
    {
        foreach (var binding in store.Snapshot("clusterrolebindings" + Suffix).Objects.Values)
        {
            if (IsBound(binding.Json, user, "")) foreach (var rule in RoleRules(binding.Json, "")) yield return rule;
        }

        if (ns.Length == 0) yield break;
        foreach (var binding in store.Snapshot("rolebindings" + Suffix).In(ns))
        {
            if (IsBound(binding.Json, user, ns)) foreach (var rule in RoleRules(binding.Json, ns)) yield return rule;
        }
    }

    private static bool IsBound(JsonObject binding, UserInfo user, string ns) =>
        (binding["subjects"] as JsonArray ?? []).OfType<JsonObject>().Any(subject => Is(subject, user, ns));

    private static bool Is(JsonObject subject, UserInfo user, string ns)
    {
        var name = Text(subject, "name");
        return Text(subject, "kind") switch
        {
            "User" => name == user.Name,
            "Group" => user.Groups.Contains(name),
            "ServiceAccount" => user.Name == $"system:serviceaccount:{(Text(subject, "namespace") is { Length: > 0 } given ? given : ns)}:{name}",
            _ => false,
        };
    }

    private IEnumerable<JsonObject> RoleRules(JsonObject binding, string ns)
    {
        var reference = binding["roleRef"] as JsonObject ?? [];
        var role = Text(reference, "kind") == "ClusterRole"
            ? store.Find("clusterroles" + Suffix, new ObjectKey("", Text(reference, "name")))
            : store.Find("roles" + Suffix, new ObjectKey(ns, Text(reference, "name")));
        return (role?.Json["rules"] as JsonArray ?? []).OfType<JsonObject>();
    }

    private static bool Covers(JsonObject rule, AccessQuestion question)
    {
        if (!Has(rule, "verbs", question.Verb)) return false;
        if (question.Path.Length > 0) return Texts(rule, "nonResourceURLs").Any(path => CoversPath(path, question.Path));
        return Has(rule, "apiGroups", question.Group) && CoversResource(rule, question) && CoversName(rule, question.Name);
    }

    private static bool CoversPath(string pattern, string path) =>
        pattern == "*" || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static bool CoversResource(JsonObject rule, AccessQuestion question) => Texts(rule, "resources").Any(resource =>
        resource == "*" || resource == question.FullResource || (question.Subresource.Length > 0 && resource == "*/" + question.Subresource));

    private static bool CoversName(JsonObject rule, string name)
    {
        var names = Texts(rule, "resourceNames").ToList();
        return names.Count == 0 || names.Contains(name);
    }

    private static bool Has(JsonObject rule, string field, string wanted) => Texts(rule, field).Any(text => text == "*" || text == wanted);

    private static IEnumerable<string> Texts(JsonObject json, string field) => (json[field] as JsonArray ?? []).Select(text => text!.GetValue<string>());

    private static string Text(JsonObject json, string field) => json[field]?.GetValue<string>() ?? "";
}
