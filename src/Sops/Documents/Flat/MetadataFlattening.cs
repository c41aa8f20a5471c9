using System.Globalization;

namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>
/// The <c>sops</c> block where a format has keys and text alone: a step into a map is <c>__map_NAME</c>, into a list <c>__list_INDEX</c>, as in
/// <c>age__list_0__map_recipient</c>. Line breaks inside values are written <c>\n</c>.
/// </summary>
internal static class MetadataFlattening
{
    private const string MapStep = "__map_";
    private const string ListStep = "__list_";
    private const int MaxSteps = 16;

    /// <returns>Pairs in alphabetical order.</returns>
    public static IReadOnlyList<(string Key, string Value)> Flatten(MapNode block)
    {
        var pairs = new List<(string Key, string Value)>();
        foreach (var entry in block.Entries.Where(e => !e.IsComment)) Flatten(entry.Key, entry.Value, pairs);
        pairs.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return pairs;
    }

    /// <exception cref="SopsException"><see cref="SopsFailure.Metadata"/>: a gap in a list, or a key that is value and container at once.</exception>
    public static MapNode Unflatten(IEnumerable<(string Key, string Value)> pairs)
    {
        var root = new FlatPart();
        foreach (var (key, value) in pairs) root.Place(Steps(key), value.Replace("\\n", "\n", StringComparison.Ordinal), key);
        return root.ToNode() as MapNode ?? new MapNode();
    }

    private static void Flatten(string path, DocumentNode value, List<(string, string)> pairs)
    {
        switch (value)
        {
            case MapNode map:
                foreach (var entry in map.Entries.Where(e => !e.IsComment)) Flatten(path + MapStep + entry.Key, entry.Value, pairs);
                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++) Flatten(path + ListStep + i.ToString(CultureInfo.InvariantCulture), list.Items[i], pairs);
                break;
            case ScalarNode { Kind: ScalarKind.Boolean } flag:
                pairs.Add((path, flag.Bytes.AsSpan().SequenceEqual("True"u8) ? "true" : "false"));
                break;
            case ScalarNode { Kind: not ScalarKind.Null } scalar:
                pairs.Add((path, scalar.GetText().Replace("\n", "\\n", StringComparison.Ordinal)));
                break;
        }
    }

    /// <summary>Names of map steps and, as numbers, list steps.</summary>
    private static List<(string? Name, int Index)> Steps(string key)
    {
        var steps = new List<(string?, int)>();
        var rest = MapStep + key;
        while (rest.Length > 0)
        {
            var isList = rest.StartsWith(ListStep, StringComparison.Ordinal);
            rest = rest[(isList ? ListStep : MapStep).Length..];
            var end = Next(rest);
            var step = rest[..end];
            rest = rest[end..];
            if (steps.Count == MaxSteps) throw Broken(key);
            if (!isList) steps.Add((step, 0));
            else if (step.Length <= 4 && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) steps.Add((null, index));
            else throw Broken(key);
        }
        return steps;
    }

    private static int Next(string text)
    {
        var map = text.IndexOf(MapStep, StringComparison.Ordinal);
        var list = text.IndexOf(ListStep, StringComparison.Ordinal);
        return Math.Min(map < 0 ? text.Length : map, list < 0 ? text.Length : list);
    }

    internal static SopsException Broken(string key) => new(SopsFailure.Metadata, $"sops: the flattened key {key} does not fit the others");
}
