using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>Events are stored once, in the core form, and served under two groups with different field names.</summary>
internal static class EventConversion
{
    private static readonly (string Core, string Events)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("count", "deprecatedCount"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("source", "deprecatedSource"),
        ("reportingComponent", "reportingController"),
    ];

    public static void FromCore(JsonObject stored)
    {
        foreach (var (core, events) in Names) Rename(stored, core, events);
    }

    public static void ToCore(JsonObject served)
    {
        foreach (var (core, events) in Names) Rename(served, events, core);
    }

    private static void Rename(JsonObject json, string from, string to)
    {
        if (!json.Remove(from, out var value)) return;
        json[to] = value;
    }
}
