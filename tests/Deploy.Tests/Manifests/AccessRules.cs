using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Manifests;

/// <summary>What the bindings of a rendering really give to whom: every rule taken apart into single <see cref="Grant"/>s.</summary>
internal static class AccessRules
{
    /// <param name="subjectKind">Such as <c>ServiceAccount</c> or <c>Group</c>.</param>
    public static IReadOnlySet<Grant> Of(ManifestSet manifests, string subjectKind, string subjectName)
    {
        var grants = new HashSet<Grant>();
        foreach (var binding in manifests.All.Where(manifest => manifest.Kind is "RoleBinding" or "ClusterRoleBinding"))
        {
            var subjects = binding["subjects"]!.AsArray();
            if (!subjects.Any(subject => (string?)subject!["kind"] == subjectKind && (string?)subject["name"] == subjectName)) continue;
            var roleKind = (string)binding["roleRef", "kind"]!;
            var role = Assert.Single(manifests.All, manifest =>
                manifest.Kind == roleKind
                && manifest.Name == (string)binding["roleRef", "name"]!
                && (roleKind == "ClusterRole" || manifest.Namespace == binding.Namespace));
            grants.UnionWith(Expand(role, binding.Kind == "ClusterRoleBinding" ? "*" : binding.Namespace!));
        }
        Assert.NotEmpty(grants);
        return grants;
    }

    private static IEnumerable<Grant> Expand(Manifest role, string scope) =>
        from rule in role["rules"]!.AsArray()
        from apiGroup in Texts(rule!["apiGroups"])
        from resource in Texts(rule["resources"])
        from verb in Texts(rule["verbs"])
        from name in rule["resourceNames"] is null ? ["*"] : Texts(rule["resourceNames"])
        select new Grant(scope, $"{apiGroup}/{resource}", verb, name);

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => (string)item!);
}
