using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>
/// The schemas of the built-in kinds: field names, types and merge keys as an API server publishes them under <c>/openapi/v2</c>,
/// one definition a line in <c>core-types.json</c>, descriptions left out. <c>docs/design/0004-local-cluster.md</c> says how the file is made.
/// </summary>
internal sealed class SchemaCatalog
{
    private const string Metadata = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private readonly Dictionary<string, TypeSchema> resolved = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    private SchemaCatalog(JsonObject definitions) => Definitions = definitions;

    /// <summary>Definition name → schema, references by bare definition name.</summary>
    public JsonObject Definitions { get; }

    public TypeSchema ObjectMetadata => Resolve(Metadata);

    public static SchemaCatalog Load()
    {
        using var stream = typeof(SchemaCatalog).Assembly.GetManifestResourceStream("core-types.json")
            ?? throw new InvalidOperationException("core-types.json is not embedded");
        return new SchemaCatalog(JsonNode.Parse(stream)!.AsObject());
    }

    /// <returns>The definition of a kind, stored or only asked (such as TokenRequest); <c>null</c> when there is none.</returns>
    public string? FindKind(string apiVersion, string kind)
    {
        foreach (var (name, definition) in Definitions)
        {
            if (definition!["x-kubernetes-group-version-kind"] is not JsonArray kinds || !name.EndsWith("." + kind, StringComparison.Ordinal)) continue;
            foreach (var one in kinds)
            {
                var group = one!["group"]!.GetValue<string>();
                var version = one["version"]!.GetValue<string>();
                if ((group.Length == 0 ? version : $"{group}/{version}") == apiVersion) return name;
            }
        }

        return null;
    }

    public TypeSchema Resolve(string definition)
    {
        lock (gate)
        {
            if (resolved.TryGetValue(definition, out var known)) return known;
            var source = Definitions[definition] as JsonObject ?? throw new InvalidOperationException($"no definition {definition}");
            return resolved[definition] = new TypeSchema(source, this);
        }
    }
}
