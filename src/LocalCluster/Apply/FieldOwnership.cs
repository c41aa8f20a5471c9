using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>
/// Who owns which field, kept in <c>metadata.managedFields</c>: server-side apply takes and gives up fields by what the
/// configuration mentions; every other write takes what it changes.
/// </summary>
internal sealed class FieldOwnership(TypeSchema schema, TimeProvider time)
{
    private static readonly IReadOnlyList<string>[] NeverOwned =
    [
        ["f:apiVersion"],
        ["f:kind"],
        .. ((string[])["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion",
            "deletionTimestamp", "deletionGracePeriodSeconds"])
            .Select(name => (string[])["f:metadata", "f:" + name]),
    ];

    /// <summary>Records a create, update or patch: the writer takes what changed. Sets managedFields of <paramref name="after"/>.</summary>
    public void RecordUpdate(JsonObject before, JsonObject after, FieldWriter writer)
    {
        var managers = IsReset(after) ? [] : Load(after) is { Count: > 0 } sent ? sent : Load(before);
        after["metadata"]!.AsObject().Remove("managedFields");
        var comparison = Compare(before, after);
        var taken = comparison.Added.Union(comparison.Modified);
        var mine = Mine(managers, writer, ManagerEntry.Update);
        managers = GiveUp(managers, mine, taken.Union(comparison.Removed));
        var fields = mine.Fields.Union(taken).Difference(comparison.Removed);
        Store(after, managers, mine, fields);
    }

    /// <summary>The live object with a configuration applied, and managedFields set; the same content as before when nothing changes.</summary>
    /// <exception cref="ApiException">409 with one cause a field that another manager owns, unless forced.</exception>
    public JsonObject Apply(JsonObject live, JsonObject config, FieldWriter writer, bool force)
    {
        var managers = Load(live);
        var mine = Mine(managers, writer, ManagerEntry.Apply);
        var others = managers.Where(entry => !entry.IsSameManager(mine)).ToList();
        var wanted = ObjectFields.Of(config, schema);
        foreach (var path in NeverOwned) wanted.Cut(path);

        var bare = live.DeepClone().AsObject();
        (bare["metadata"] as JsonObject)?.Remove("managedFields");
        var merged = ObjectMerge.Merge(bare, config, schema);
        var ownedByOthers = others.Aggregate(new FieldSet(), (all, entry) => all.Union(entry.Fields));
        // An entry may name what its fields lie in, as one does that kubectl made of an update's: that goes with the last of them.
        FieldRemoval.Remove(merged, mine.Fields.Difference(wanted.WithAncestors()).Difference(ownedByOthers), ownedByOthers, schema);

        var comparison = Compare(bare, merged);
        var taken = comparison.Added.Union(comparison.Modified);
        if (!force) ThrowOnConflict(others, taken);
        Store(merged, GiveUp(managers, mine, taken.Union(comparison.Removed)), mine, wanted);
        return merged;
    }

    private static void ThrowOnConflict(List<ManagerEntry> others, FieldSet taken)
    {
        var conflicts = others
            .SelectMany(entry => entry.Fields.Intersection(taken).Paths().Select(path => (Manager: entry.Print(), Path: FieldSteps.Print(path))))
            .ToList();
        if (conflicts.Count > 0) throw ApplyConflict.Of(conflicts);
    }

    private static List<ManagerEntry> GiveUp(List<ManagerEntry> managers, ManagerEntry mine, FieldSet lost) =>
        [.. managers.Select(entry => entry.IsSameManager(mine) ? entry : entry with { Fields = entry.Fields.Difference(lost) })];

    private static ManagerEntry Mine(List<ManagerEntry> managers, FieldWriter writer, string operation)
    {
        var entry = new ManagerEntry(writer.Manager, operation, writer.ApiVersion, writer.Subresource, "", new FieldSet());
        return managers.Find(known => known.IsSameManager(entry)) ?? entry;
    }

    private static bool IsReset(JsonObject sent) => sent["metadata"]?["managedFields"] is JsonArray { Count: 1 } list && list[0] is JsonObject { Count: 0 };

    private static List<ManagerEntry> Load(JsonObject from) =>
        [.. (from["metadata"]?["managedFields"] as JsonArray ?? []).OfType<JsonObject>().Select(ManagerEntry.FromJson).OfType<ManagerEntry>()];

    private ObjectComparison Compare(JsonObject before, JsonObject after)
    {
        var comparison = ObjectComparison.Of(before, after, schema);
        foreach (var path in NeverOwned) comparison.Cut(path);
        if (schema.IsBuiltIn) CutStructs(comparison);
        comparison.Added.CutMember("f:metadata");
        return comparison;
    }

    /// <summary>In a built-in kind <c>spec</c> and <c>status</c> are always there, so they are never a field by themselves.</summary>
    private static void CutStructs(ObjectComparison comparison)
    {
        comparison.Added.CutMember("f:spec");
        comparison.Added.CutMember("f:status");
    }

    private void Store(JsonObject into, List<ManagerEntry> managers, ManagerEntry mine, FieldSet fields)
    {
        var unchanged = mine.Fields.SetEquals(fields);
        var entry = mine with { Fields = fields, Time = unchanged && mine.Time.Length > 0 ? mine.Time : Timestamps.Seconds(time.GetUtcNow()) };
        var at = managers.FindIndex(known => known.IsSameManager(mine));
        if (at >= 0) managers[at] = entry;
        else managers.Add(entry);
        var metadata = into["metadata"]!.AsObject();
        var kept = managers.Where(known => !known.Fields.IsEmpty).Select(known => (JsonNode)known.ToJson()).ToArray();
        metadata.Remove("managedFields");
        if (kept.Length > 0) metadata["managedFields"] = new JsonArray(kept);
    }
}
