using System.Reflection;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Crds;

/// <summary>A CustomResourceDefinition for each record of src/Api that says it is a kind.</summary>
internal static class Definitions
{
    public static IReadOnlyList<JsonObject> All() =>
    [
        .. from type in typeof(ExternalSecret).Assembly.GetExportedTypes()
           let definition = Definition(type)
           where definition is not null
           orderby (string?)definition["metadata"]!["name"]
           select definition,
    ];

    private static JsonObject? Definition(Type type)
    {
        if (type.GetCustomAttribute<CustomResourceAttribute>() is { } resource)
        {
            return Definition(resource, type, version => SchemaBuilder.ForKind(type, described: version == resource.Versions[0]));
        }
        if (type.GetCustomAttribute<GeneratorKindAttribute>() is { } generator)
        {
            var like = new CustomResourceAttribute(ExternalSecretNames.GeneratorGroup, generator.Kind, GeneratorKinds.PluralOf(generator.Kind))
            {
                Versions = [ExternalSecretNames.V1Alpha1],
                Categories = ["external-secrets", "external-secrets-generators"],
            };
            return Definition(like, type, _ => SchemaBuilder.ForSpec(type));
        }
        return null;
    }

    private static JsonObject Definition(CustomResourceAttribute resource, Type type, Func<string, JsonObject> schema) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"{resource.Plural}.{resource.Group}",
            ["labels"] = new JsonObject { ["external-secrets.io/component"] = "controller" },
        },
        ["spec"] = new JsonObject
        {
            ["group"] = resource.Group,
            ["scope"] = resource.Cluster ? "Cluster" : "Namespaced",
            ["names"] = Names(resource),
            ["versions"] = new JsonArray([.. resource.Versions.Select(version => Version(resource, type, version, schema(version)))]),
        },
    };

    private static JsonObject Names(CustomResourceAttribute resource)
    {
        var names = new JsonObject
        {
            ["kind"] = resource.Kind,
            ["listKind"] = resource.Kind + "List",
            ["plural"] = resource.Plural,
            ["singular"] = resource.Kind.ToLowerInvariant(),
            ["categories"] = Texts(resource.Categories),
        };
        if (resource.ShortName is { } shortName) names["shortNames"] = Texts([shortName]);
        return names;
    }

    private static JsonObject Version(CustomResourceAttribute resource, Type type, string name, JsonObject schema)
    {
        var stored = name == resource.Versions[0];
        var version = new JsonObject
        {
            ["name"] = name,
            ["served"] = true,
            ["storage"] = stored,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
        };
        if (!stored) version["deprecated"] = true;
        if (resource.StatusDoor) version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        var columns = type.GetCustomAttributes<PrinterColumnAttribute>().Select(JsonNode? (column) => new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type,
            ["jsonPath"] = column.JsonPath,
        }).ToArray();
        if (columns.Length > 0) version["additionalPrinterColumns"] = new JsonArray(columns);
        // A server refuses the same list in two versions whose schemas differ: it takes it out of the versions and then misses a schema beside it.
        if (stored && resource.SelectableFields.Length > 0)
        {
            version["selectableFields"] = new JsonArray([.. resource.SelectableFields.Select(path => new JsonObject { ["jsonPath"] = path })]);
        }
        return version;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
