using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Selectors;

/// <summary>A <c>fieldSelector</c>: name and namespace of every kind, and the few fields some kinds offer.</summary>
internal sealed class FieldSelector
{
    private static readonly Dictionary<string, string[]> Offered = new(StringComparer.Ordinal)
    {
        ["events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["secrets"] = ["type"],
        ["namespaces"] = ["status.phase"],
        ["pods"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP"],
        ["jobs"] = ["status.successful"],
    };

    private readonly List<(string[] Path, string Value, bool Equal)> requirements = [];

    /// <exception cref="ApiException">400: not a selector, or a field that this kind does not offer.</exception>
    public static FieldSelector Parse(string text, ResourceType type)
    {
        var selector = new FieldSelector();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = ((string[])["!=", "==", "="]).FirstOrDefault(candidate => part.Contains(candidate, StringComparison.Ordinal))
                ?? throw ApiErrors.BadRequest($"invalid field selector: '{text}'; can't understand '{part}'");
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            var field = part[..at].Trim();
            if (!IsOffered(field, type)) throw NotOffered(field, type);
            selector.requirements.Add((field.Split('.'), part[(at + sign.Length)..].Trim(), sign != "!="));
        }

        return selector;
    }

    public bool Matches(JsonObject json) => requirements.All(wanted => (Value(json, wanted.Path) == wanted.Value) == wanted.Equal);

    private static bool IsOffered(string field, ResourceType type) =>
        field == "metadata.name" || (field == "metadata.namespace" && type.IsNamespaced)
        || (!type.IsCustom && Offered.TryGetValue(type.Plural, out var fields) && fields.Contains(field));

    private static ApiException NotOffered(string field, ResourceType type)
    {
        if (type.IsCustom || Offered.ContainsKey(type.Plural)) return ApiErrors.BadRequest($"field label not supported: {field}");
        return ApiErrors.BadRequest($"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    private static string Value(JsonObject json, string[] path)
    {
        JsonNode? node = json;
        foreach (var step in path) node = (node as JsonObject)?[step];
        return node is JsonValue ? node.ToString() : "";
    }
}
