using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>A place in an object, such as <c>spec.rules[0].from</c>: keys, and places in lists. What is not there on the way to it is made.</summary>
public sealed class ManifestPath
{
    /// <summary>Lists grow to where something is written, so they must not be asked to grow for ever.</summary>
    private const int LargestIndex = 10000;
    private const int MostSteps = 64;

    private readonly IReadOnlyList<Step> steps;

    private ManifestPath(IReadOnlyList<Step> steps) => this.steps = steps;

    /// <summary>Whether it is a field of the object itself.</summary>
    public bool IsTop => steps.Count == 1;

    /// <summary>The field of the object that it is in.</summary>
    public string Top => steps[0].Key!;

    public static ManifestPath Of(params IEnumerable<string> keys) => new([.. keys.Select(key => new Step(key, 0))]);

    /// <returns>null, with the problem, when it is no path.</returns>
    public static ManifestPath? TryParse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var steps = new List<Step>();
        problem = "";
        foreach (var segment in text.Split('.'))
        {
            var bracket = segment.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? segment : segment[..bracket];
            if (segment.Length == 0) problem = "a segment is empty";
            if (name.Length > 0) steps.Add(new Step(name, 0));
            if (bracket >= 0) problem = problem.Length > 0 ? problem : Indexes(segment[bracket..], steps);
            if (problem.Length > 0) return null;
        }
        if (steps[0].Key is null) problem = "it must start with a key";
        if (steps.Count > MostSteps) problem = string.Create(CultureInfo.InvariantCulture, $"it is deeper than {MostSteps}");
        return problem.Length > 0 ? null : new ManifestPath(steps);
    }

    /// <summary>Puts a copy of the value there.</summary>
    /// <param name="merges">Whether a map goes into the map that is there, key by key; else it takes its place.</param>
    /// <returns>What is in the way; null when nothing is.</returns>
    public string? Set(JsonObject root, JsonNode? value, bool merges)
    {
        ArgumentNullException.ThrowIfNull(root);
        JsonNode current = root;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.Problem(current) is { } problem) return problem;
            var child = step.Get(current);
            if (i == steps.Count - 1)
            {
                if (merges && child is JsonObject there && value is JsonObject map) foreach (var (key, item) in map) there[key] = item?.DeepClone();
                else step.Put(current, value?.DeepClone());
                return null;
            }
            if (child is null)
            {
                child = steps[i + 1].Key is null ? new JsonArray() : new JsonObject();
                step.Put(current, child);
            }
            current = child;
        }
        return null;
    }

    public override string ToString() => string.Concat(steps.Select((step, i) => step.Key is null ? string.Create(CultureInfo.InvariantCulture, $"[{step.Index}]") : i == 0 ? step.Key : "." + step.Key));

    private static string Indexes(string text, List<Step> steps)
    {
        for (var rest = text; rest.Length > 0;)
        {
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            if (rest[0] != '[' || end < 0) return "a '[' has no ']', or something stands behind it";
            if (!int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > LargestIndex)
                return string.Create(CultureInfo.InvariantCulture, $"what stands in brackets is no number from 0 to {LargestIndex}");
            steps.Add(new Step(null, index));
            rest = rest[(end + 1)..];
        }
        return "";
    }

    /// <summary>A key, or, without one, a place in a list.</summary>
    private readonly record struct Step(string? Key, int Index)
    {
        public string? Problem(JsonNode node) => (Key, node) switch
        {
            (not null, not JsonObject) => $"there is no map that could have the key {GoQuote.Quote(Key)}",
            (null, not JsonArray) => string.Create(CultureInfo.InvariantCulture, $"there is no list that could have the place [{Index}]"),
            _ => null,
        };

        public JsonNode? Get(JsonNode node) => node is JsonObject map ? map[Key!] : Index < node.AsArray().Count ? node[Index] : null;

        public void Put(JsonNode node, JsonNode? value)
        {
            if (node is JsonObject map)
            {
                map[Key!] = value;
                return;
            }
            var list = node.AsArray();
            while (list.Count <= Index) list.Add(null);
            list[Index] = value;
        }
    }
}
