using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary>
/// <c>/openapi/v2</c> and <c>/openapi/v3</c>: the schemas, and of the paths what kubectl reads from them (which patches an
/// object takes, and that <c>fieldValidation</c> is understood).
/// </summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private const string V2Prefix = "#/definitions/";
    private const string V3Prefix = "#/components/schemas/";
    private readonly Lock gate = new();
    private IReadOnlyList<ResourceType>? indexed;
    private JsonObject index = [];

    /// <summary>The documents there are, each under an address that changes with its content; made anew only when what is served changes.</summary>
    public JsonObject Index()
    {
        var types = catalog.All();
        lock (gate)
        {
            if (!ReferenceEquals(indexed, types)) (indexed, index) = (types, MakeIndex(types));
            return index;
        }
    }

    private JsonObject MakeIndex(IReadOnlyList<ResourceType> types)
    {
        var paths = new JsonObject();
        foreach (var version in types.Select(type => type.ApiVersion).Distinct())
        {
            // A definition may go while this is made; then its version is not there any more.
            if (Version(version) is not { } document) continue;
            var path = version.Contains('/', StringComparison.Ordinal) ? "apis/" + version : "api/" + version;
            var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(JsonText.ToUtf8(document)))[..32];
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <param name="apiVersion">For example <c>apps/v1</c>.</param>
    /// <returns><c>null</c> when it is not served.</returns>
    public JsonObject? Version(string apiVersion)
    {
        var types = catalog.All().Where(type => type.ApiVersion == apiVersion).ToList();
        if (types.Count == 0) return null;
        var schemas = new SchemaCollection(catalog.Schemas, V3Prefix);
        foreach (var type in types) schemas.Add(type);
        var paths = new JsonObject();
        foreach (var type in types) AddPaths(paths, type, V3Prefix);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Json },
        };
    }

    public JsonObject Swagger()
    {
        var schemas = new SchemaCollection(catalog.Schemas, V2Prefix);
        var paths = new JsonObject();
        foreach (var type in catalog.All())
        {
            schemas.Add(type);
            AddPaths(paths, type, V2Prefix);
        }

        return new JsonObject { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = paths, ["definitions"] = schemas.Json };
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = ServerVersion.GitVersion };

    private static void AddPaths(JsonObject paths, ResourceType type, string prefix)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var collection = type.IsNamespaced ? $"{root}/namespaces/{{namespace}}/{type.Plural}" : $"{root}/{type.Plural}";
        paths[collection] = new JsonObject { ["get"] = Operation(type, "list", prefix), ["post"] = Operation(type, "post", prefix) };
        paths[collection + "/{name}"] = new JsonObject
        {
            ["get"] = Operation(type, "get", prefix),
            ["put"] = Operation(type, "put", prefix),
            ["patch"] = Operation(type, "patch", prefix),
            ["delete"] = Operation(type, "delete", prefix),
        };
    }

    private static JsonObject Operation(ResourceType type, string action, string prefix)
    {
        var isV3 = prefix == V3Prefix;
        string[] media = action != "patch" ? ["*/*"] : type.IsCustom
            ? ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
            : ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];
        var operation = new JsonObject
        {
            ["operationId"] = $"{action}{type.ApiVersion.Replace("/", "", StringComparison.Ordinal)}{type.Kind}",
            ["parameters"] = new JsonArray([.. Parameters(action, isV3)]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = Gvk(type),
        };
        if (!isV3) operation["consumes"] = new JsonArray([.. media.Select(one => (JsonNode)one)]);
        else if (action == "patch") operation["requestBody"] = new JsonObject { ["content"] = new JsonObject(media.Select(one => KeyValuePair.Create(one, (JsonNode?)new JsonObject()))) };
        return operation;
    }

    private static IEnumerable<JsonNode> Parameters(string action, bool isV3)
    {
        string[] names = action switch
        {
            "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"],
            "post" or "put" => ["dryRun", "fieldManager", "fieldValidation"],
            "delete" => ["dryRun", "propagationPolicy"],
            _ => [],
        };
        foreach (var name in names)
        {
            var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
            if (isV3) parameter["schema"] = new JsonObject { ["type"] = "string" };
            else parameter["type"] = "string";
            yield return parameter;
        }
    }

    private static JsonObject Gvk(ResourceType type) => new() { ["group"] = type.Group, ["kind"] = type.Kind, ["version"] = type.Version };
}
