using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>Fields of a Secret whose names differ from the right ones by case alone: the original's reader takes them, so their values have to be sealed and not lost.</summary>
internal static class FieldNames
{
    private static readonly string[] OfSecret = ["kind", "apiVersion", "metadata", "type", "immutable", "data", "stringData"];

    private static readonly string[] OfMetadata =
    [
        "name", "namespace", "generateName", "labels", "annotations", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers",
        "ownerReferences", "managedFields",
    ];

    /// <summary>Gives them the right ones.</summary>
    /// <param name="refuse">For a field that is there under two names.</param>
    /// <returns>What was written, and what it is taken for.</returns>
    public static List<(string Written, string Name)> Correct(JsonObject secret, Func<string, Exception> refuse)
    {
        var corrected = new List<(string Written, string Name)>();
        Correct(secret, "", OfSecret, corrected, refuse);
        if (secret["metadata"] is JsonObject metadata) Correct(metadata, "metadata.", OfMetadata, corrected, refuse);
        return corrected;
    }

    private static void Correct(JsonObject map, string prefix, string[] names, List<(string Written, string Name)> corrected, Func<string, Exception> refuse)
    {
        foreach (var written in map.Select(entry => entry.Key).ToList())
        {
            if (Array.Find(names, name => string.Equals(name, written, StringComparison.OrdinalIgnoreCase)) is not { } right || right == written) continue;
            if (map.ContainsKey(right)) throw refuse($"{prefix}{written} and {prefix}{right} are one field: keep {right}");
            var value = map[written];
            map.Remove(written);
            map[right] = value;
            corrected.Add((prefix + written, prefix + right));
        }
    }
}
