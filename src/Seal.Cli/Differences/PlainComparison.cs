using System.Text.Json.Nodes;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a Secret, or of a SopsSecret's templates, in plain text: the names of its items, and that it should not be there.</summary>
internal static class PlainComparison
{
    public static IEnumerable<Difference> Run(ManifestObject? before, ManifestObject? after)
    {
        var subject = ManifestPlace.Describe((after ?? before)!.Node);
        var (old, now) = (Items(before), Items(after));
        if (before is null) yield return new Difference("added", subject, null, "added, IN PLAIN TEXT");
        if (after is null) yield return new Difference("removed", subject, null, "removed (it was in plain text, and stays so in the history)");
        foreach (var item in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            if (!old.TryGetValue(item, out var was)) yield return new Difference("item-added", subject, item, $"item {item} added");
            else if (!now.TryGetValue(item, out var becomes)) yield return new Difference("item-removed", subject, item, $"item {item} removed");
            else if (!JsonNode.DeepEquals(was, becomes)) yield return new Difference("item-changed", subject, item, $"item {item} changed");
        }
    }

    private static Dictionary<string, JsonNode?> Items(ManifestObject? source)
    {
        var items = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        if (source is not null) Collect(source.Node, "", items);
        foreach (var template in ((source?.Node["spec"] as JsonObject)?["secretTemplates"] as JsonArray ?? []).OfType<JsonObject>()) Collect(template, $"{template.Text("name")}.", items);
        return items;
    }

    private static void Collect(JsonObject holder, string prefix, Dictionary<string, JsonNode?> items)
    {
        foreach (var field in (string[])["data", "stringData"])
        {
            foreach (var (name, value) in holder[field] as JsonObject ?? []) items[prefix + name] = value;
        }
    }
}
