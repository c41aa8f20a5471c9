using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary><c>/api</c>, <c>/apis</c>, the groups and the resources of each version.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Groups without stored objects.</summary>
    private static readonly (string Group, string Plural, string Kind, bool Namespaced)[] Reviews =
    [
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
        ("authentication.k8s.io", "tokenreviews", "TokenReview", false),
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
    ];

    public static JsonObject CoreVersions(string address) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    };

    public JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupNames().Select(Group)]),
    };

    /// <returns><c>null</c> when there is no such group.</returns>
    public JsonObject? GroupDocument(string group)
    {
        if (!GroupNames().Contains(group)) return null;
        var json = Group(group);
        json.Insert(0, "kind", "APIGroup");
        json.Insert(1, "apiVersion", "v1");
        return json;
    }

    /// <returns><c>null</c> when there is no such version.</returns>
    public JsonObject? Resources(string group, string version)
    {
        var types = catalog.All().Where(type => type.Group == group && type.Version == version).OrderBy(type => type.Plural, StringComparer.Ordinal).ToList();
        var reviews = version == "v1" ? Reviews.Where(review => review.Group == group).ToList() : [];
        if (types.Count == 0 && reviews.Count == 0) return null;
        var resources = new JsonArray([.. types.SelectMany(Entries), .. reviews.Select(Review)]);
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    public IEnumerable<string> GroupNames() =>
        catalog.All().Select(type => type.Group).Concat(Reviews.Select(review => review.Group)).Where(group => group.Length > 0).Distinct();

    private JsonObject Group(string group)
    {
        var versions = catalog.All().Where(type => type.Group == group).Select(type => type.Version).Distinct().ToList();
        if (versions.Count == 0) versions.Add("v1");
        versions.Sort(ApiVersionOrder.Compare);
        var entries = versions.Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version }).ToArray();
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. entries]),
            ["preferredVersion"] = entries[0].DeepClone(),
        };
    }

    private static IEnumerable<JsonNode> Entries(ResourceType type)
    {
        var verbs = type is { Group: "", Plural: "namespaces" } ? Verbs.Where(verb => verb != "deletecollection") : Verbs;
        var main = Entry(type.Plural, type.Singular, type.IsNamespaced, type.Kind, verbs);
        if (type.ShortNames.Count > 0) main["shortNames"] = new JsonArray([.. type.ShortNames.Select(name => (JsonNode)name)]);
        if (type.Categories.Count > 0) main["categories"] = new JsonArray([.. type.Categories.Select(name => (JsonNode)name)]);
        yield return main;
        if (type.HasStatus) yield return Entry(type.Plural + "/status", "", type.IsNamespaced, type.Kind, ["get", "patch", "update"]);
        if (type.Scale is not null) yield return Entry(type.Plural + "/scale", "", type.IsNamespaced, "Scale", ["get", "patch", "update"], "autoscaling");
        if (type.Group.Length > 0) yield break;
        if (type.Plural == "namespaces") yield return Entry("namespaces/finalize", "", false, type.Kind, ["update"]);
        if (type.Plural == "services") yield return Entry("services/proxy", "", true, "ServiceProxyOptions", ["create", "delete", "get", "patch", "update"]);
        if (type.Plural != "serviceaccounts") yield break;
        yield return Entry("serviceaccounts/token", "", true, "TokenRequest", ["create"], "authentication.k8s.io");
    }

    private static JsonNode Review((string Group, string Plural, string Kind, bool Namespaced) review) =>
        Entry(review.Plural, review.Kind.ToLowerInvariant(), review.Namespaced, review.Kind, ["create"]);

    /// <param name="group">Of the kind, in its version v1, where it is another's.</param>
    private static JsonObject Entry(string name, string singular, bool namespaced, string kind, IEnumerable<string> verbs, string? group = null)
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = singular,
            ["namespaced"] = namespaced,
            ["kind"] = kind,
            ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
        };
        if (group is not null) (entry["group"], entry["version"]) = (group, "v1");
        return entry;
    }
}
