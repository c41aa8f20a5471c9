using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.CustomResources;

/// <summary>The served resources of one CustomResourceDefinition, a version each.</summary>
internal static class CustomResourceTypes
{
    public static IReadOnlyList<ResourceType> Of(JsonObject definition, SchemaCatalog schemas)
    {
        var spec = definition["spec"]!.AsObject();
        var versions = spec["versions"]!.AsArray().OfType<JsonObject>().ToList();
        var group = spec["group"]!.GetValue<string>();
        var storage = versions.First(version => version["storage"]?.GetValue<bool>() == true)["name"]!.GetValue<string>();
        return [.. versions.Where(version => version["served"]?.GetValue<bool>() == true).Select(version => Build(spec, version, $"{group}/{storage}", schemas))];
    }

    private static ResourceType Build(JsonObject spec, JsonObject version, string storage, SchemaCatalog schemas)
    {
        var names = spec["names"]!.AsObject();
        var group = spec["group"]!.GetValue<string>();
        var kind = names["kind"]!.GetValue<string>();
        var name = version["name"]!.GetValue<string>();
        return new ResourceType
        {
            Group = group,
            Version = name,
            Plural = names["plural"]!.GetValue<string>(),
            Singular = names["singular"]?.GetValue<string>() ?? kind.ToLowerInvariant(),
            Kind = kind,
            ListKindOverride = names["listKind"]?.GetValue<string>(),
            IsNamespaced = spec["scope"]!.GetValue<string>() == "Namespaced",
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            HasStatus = version["subresources"]?["status"] is not null,
            Scale = ScaleFields.Of(version["subresources"]?["scale"]),
            CountsGenerations = true,
            IsCustom = true,
            StorageApiVersion = storage,
            FromStorage = stored => stored["apiVersion"] = $"{group}/{name}",
            ToStorage = served => served["apiVersion"] = storage,
            Schema = new TypeSchema(version["schema"]?["openAPIV3Schema"]?.DeepClone().AsObject() ?? [], null) { Metadata = schemas.ObjectMetadata },
            DefinitionName = string.Join('.', group.Split('.').Reverse()) + $".{name}.{kind}",
            Columns = Columns(version),
        };
    }

    private static List<PrinterColumn> Columns(JsonObject version)
    {
        var columns = new List<PrinterColumn> { new("Name", "string", ".metadata.name", Format: "name") };
        var extra = (version["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>().Select(column => new PrinterColumn(
            column["name"]!.GetValue<string>(),
            column["type"]!.GetValue<string>(),
            column["jsonPath"]!.GetValue<string>(),
            column["priority"]?.GetValue<int>() ?? 0,
            column["description"]?.GetValue<string>() ?? "")).ToList();
        if (extra.Count == 0) extra.Add(new PrinterColumn("Age", "date", ".metadata.creationTimestamp"));
        return [.. columns, .. extra];
    }

    private static List<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(text => text!.GetValue<string>())];
}
