using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>Two versions of a SealedSecret.</summary>
internal static class SealedComparison
{
    public static IEnumerable<Difference> Run(ManifestObject? before, ManifestObject? after)
    {
        var subject = ManifestPlace.Describe((after ?? before)!.Node);
        SealedSecret? old;
        SealedSecret? now;
        try
        {
            (old, now) = (before is null ? null : ObjectDecoder.SealedSecret(before), after is null ? null : ObjectDecoder.SealedSecret(after));
        }
        catch (CommandException)
        {
            return [new Difference("unreadable", subject, null, "is no valid SealedSecret on one side; seal verify says why")];
        }
        if (old is null) return [new Difference("added", subject, null, $"added, {Scope(now!)}"), .. ItemChanges(subject, null, now)];
        if (now is null) return [new Difference("removed", subject, null, "removed"), .. ItemChanges(subject, old, null)];
        var items = ItemChanges(subject, old, now).ToList();
        return [.. PlaceChanges(subject, old, now), .. items, .. MetadataChanges(subject, before!.Node, after!.Node)];
    }

    /// <summary>Null for what is no valid SealedSecret.</summary>
    public static string? Scope(ManifestObject source)
    {
        try
        {
            return Scope(ObjectDecoder.SealedSecret(source));
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private static IEnumerable<Difference> ItemChanges(string subject, SealedSecret? before, SealedSecret? after)
    {
        var (old, now) = (before?.Spec.EncryptedData ?? [], after?.Spec.EncryptedData ?? []);
        foreach (var item in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            if (!old.TryGetValue(item, out var was)) yield return new Difference("item-added", subject, item, $"item {item} added");
            else if (!now.TryGetValue(item, out var becomes)) yield return new Difference("item-removed", subject, item, $"item {item} removed");
            else if (was != becomes) yield return new Difference("item-resealed", subject, item, $"item {item} sealed again (whether to another value, only the key can tell)");
        }
        if (before is not null && after is not null && before.Spec.Data != after.Spec.Data) yield return new Difference("item-resealed", subject, "spec.data", "spec.data sealed again");
    }

    /// <summary>Scope, name and namespace: what the items must have been sealed again for.</summary>
    private static List<Difference> PlaceChanges(string subject, SealedSecret old, SealedSecret now)
    {
        var changes = new List<Difference>();
        var (from, to) = (SealingScopes.Of(old.Metadata), SealingScopes.Of(now.Metadata));
        if (from != to) changes.Add(Changed("scope-changed", subject, "scope", SealingScopes.Name(from), SealingScopes.Name(to)));
        if (old.Metadata.Name != now.Metadata.Name) changes.Add(Changed("renamed", subject, "name", old.Metadata.Name, now.Metadata.Name));
        if (old.Metadata.Namespace != now.Metadata.Namespace) changes.Add(Changed("moved", subject, "namespace", old.Metadata.Namespace, now.Metadata.Namespace));
        var binds = from != to || (to == SealingScope.Strict && old.Metadata.Name != now.Metadata.Name) || (to != SealingScope.ClusterWide && old.Metadata.Namespace != now.Metadata.Namespace);
        foreach (var (item, text) in binds ? now.Spec.EncryptedData ?? [] : [])
        {
            if (old.Spec.EncryptedData?.GetValueOrDefault(item) == text)
                changes.Add(new Difference("item-stale", subject, item, $"item {item} was NOT sealed again for that: it will not open"));
        }
        var (key, newKey) = (old.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint), now.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint));
        if (key != newKey) changes.Add(Changed("key-changed", subject, "sealing key", key, newKey));
        return changes;
    }

    private static IEnumerable<Difference> MetadataChanges(string subject, JsonObject old, JsonObject now)
    {
        var (was, becomes) = (Template(old), Template(now));
        foreach (var field in (string[])["type", "immutable"])
        {
            if (!JsonNode.DeepEquals(was[field], becomes[field])) yield return Changed("template-changed", subject, $"template.{field}", was[field]?.ToString(), becomes[field]?.ToString());
        }
        // Their values may be anything, so only names are told.
        foreach (var change in Names("template.data", was["data"], becomes["data"])) yield return change;
        foreach (var field in (string[])["labels", "annotations"])
        {
            foreach (var change in Names($"metadata.{field}", old["metadata"]?[field], now["metadata"]?[field])) yield return change;
            foreach (var change in Names($"template.metadata.{field}", was["metadata"]?[field], becomes["metadata"]?[field])) yield return change;
        }

        IEnumerable<Difference> Names(string place, JsonNode? left, JsonNode? right)
        {
            var (a, b) = (left as JsonObject ?? [], right as JsonObject ?? []);
            foreach (var name in a.Select(entry => entry.Key).Union(b.Select(entry => entry.Key)).Where(name => !IsOurs(name)).Order(StringComparer.Ordinal))
            {
                if (JsonNode.DeepEquals(a[name], b[name])) continue;
                var verb = !a.ContainsKey(name) ? "added" : !b.ContainsKey(name) ? "removed" : "changed";
                yield return new Difference(place.StartsWith("template", StringComparison.Ordinal) ? "template-changed" : "metadata-changed", subject, $"{place}.{name}", $"{place}: {name} {verb}");
            }
        }
    }

    private static JsonObject Template(JsonObject node) => node["spec"] is JsonObject spec && spec["template"] is JsonObject template ? template : [];

    // The scope and the key are told above.
    private static bool IsOurs(string name) => name is SealedSecretAnnotations.ClusterWide or SealedSecretAnnotations.NamespaceWide or SealedSecretAnnotations.SealingKeyHint;

    private static string Scope(SealedSecret value) => SealingScopes.Name(SealingScopes.Of(value.Metadata));

    private static Difference Changed(string change, string subject, string item, string? from, string? to) =>
        new(change, subject, item, $"{item}: {from ?? "(none)"} → {to ?? "(none)"}") { From = from, To = to };
}
