using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>What a request under <c>/api</c> or <c>/apis</c> asks for.</summary>
/// <param name="Verb">As RBAC names it: get, list, watch, create, update, patch, delete, deletecollection.</param>
/// <param name="Name">Empty for collections.</param>
/// <param name="Subresource">Empty for the object itself; for a proxy the rest of the path is <paramref name="Rest"/>.</param>
internal sealed record ApiRequest(
    string Verb, string Group, string Version, string Resource, string Namespace, string Name, string Subresource, string Rest)
{
    /// <summary>The served type, once it is known to exist.</summary>
    public ResourceType? Type { get; init; }

    /// <summary>Cuts the path of a resource request; <c>null</c> when it is none (discovery, health, …).</summary>
    public static ApiRequest? Parse(string method, string path, bool isWatch)
    {
        var parts = path.Trim('/').Split('/');
        var isCore = parts[0] == "api";
        if (!isCore && parts[0] != "apis") return null;
        var start = isCore ? 2 : 3;
        if (parts.Length <= start) return null;
        var (group, version) = isCore ? ("", parts[1]) : (parts[1], parts[2]);
        var rest = parts.AsSpan(start);
        if (rest[0] == "watch" && rest.Length > 1)
        {
            isWatch = true;
            rest = rest[1..];
        }

        var ns = "";
        if (rest[0] == "namespaces" && rest.Length > 2 && rest[2] is not ("status" or "finalize"))
        {
            ns = rest[1];
            rest = rest[2..];
        }

        var name = rest.Length > 1 ? Uri.UnescapeDataString(rest[1]) : "";
        var below = rest.Length > 2 ? rest[2] : "";
        var tail = rest.Length > 3 ? string.Join('/', rest[3..].ToArray()) : "";
        return new ApiRequest(VerbOf(method, name, isWatch), group, version, rest[0], ns, name, below, tail);
    }

    private static string VerbOf(string method, string name, bool isWatch) => method switch
    {
        "GET" or "HEAD" => isWatch ? "watch" : name.Length == 0 ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name.Length == 0 ? "deletecollection" : "delete",
        _ => method.ToLowerInvariant(),
    };
}
