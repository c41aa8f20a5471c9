using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>A secret, certificate or key with its versions, as the REST API shows them.</summary>
internal sealed class AzureSimulatedObject(Uri vault, string collection, string name)
{
    private readonly List<JsonObject> versions = [];

    public bool IsDeleted { get; set; }

    public JsonObject Newest => versions[^1];

    public JsonObject Add(JsonObject content)
    {
        var version = (versions.Count + 1).ToString("x32", CultureInfo.InvariantCulture);
        var attributes = content["attributes"] as JsonObject ?? [];
        content["attributes"] = attributes;
        attributes["enabled"] ??= true;
        attributes["created"] ??= 1_767_225_600;
        attributes["updated"] ??= 1_767_225_600;
        content["id"] = $"{vault}{collection}/{name}/{version}";
        if (content["key"] is JsonObject key) key["kid"] = $"{vault}{collection}/{name}/{version}";
        versions.Add(content);
        return content;
    }

    public JsonObject? Version(string version) => versions.FirstOrDefault(one => one["id"]!.GetValue<string>().EndsWith("/" + version, StringComparison.Ordinal));

    /// <summary>As it stands in a list: without a version, and without its value.</summary>
    public JsonObject Item()
    {
        var item = Newest.DeepClone().AsObject();
        item.Remove("value");
        item["id"] = $"{vault}{collection}/{name}";
        return item;
    }
}
