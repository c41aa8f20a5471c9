using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>
/// Fields whose names differ from the right ones by case alone. Of a Secret the original's reader takes them, so their values have to be sealed and not lost; of a SealedSecret nobody does, and
/// they are refused.
/// </summary>
internal static class FieldNames
{
    private static readonly string[] OfSecret = ["kind", "apiVersion", "metadata", "type", "immutable", "data", "stringData"];

    private static readonly string[] OfKind = ["kind"];

    private static readonly string[] OfMetadata =
    [
        "name", "namespace", "generateName", "labels", "annotations", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers",
        "ownerReferences", "managedFields",
    ];

    private static readonly (string[] Path, string[] Names)[] OfSealedSecret =
    [
        ([], ["kind", "apiVersion", "metadata", "spec"]),
        (["metadata"], OfMetadata),
        (["spec"], ["encryptedData", "template", "data"]),
        (["spec", "template"], ["metadata", "type", "immutable", "data"]),
        (["spec", "template", "metadata"], OfMetadata),
    ];

    /// <summary>The first such field of a SealedSecret, and what it must be called; <c>null</c> for none.</summary>
    public static (string Written, string Name)? WrongOf(JsonObject sealedSecret)
    {
        foreach (var (path, names) in OfSealedSecret)
        {
            JsonNode? node = sealedSecret;
            foreach (var step in path) node = (node as JsonObject)?[step];
            if (node is not JsonObject map) continue;
            var prefix = string.Concat(path.Select(step => step + "."));
            foreach (var (written, _) in map)
            {
                if (RightFor(written, names) is { } right) return (prefix + written, prefix + right);
            }
        }
        return null;
    }

    /// <summary>The kind of an object whose field of that has a wrong name; <c>null</c> without.</summary>
    public static string? WrongKindOf(JsonObject node)
    {
        foreach (var (written, value) in node)
        {
            if (RightFor(written, OfKind) is not null) return value.AsText();
        }
        return null;
    }

    /// <summary>Gives those of a Secret the right names.</summary>
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
            if (RightFor(written, names) is not { } right) continue;
            if (map.ContainsKey(right)) throw refuse($"{prefix}{written} and {prefix}{right} are one field: keep {right}");
            var value = map[written];
            map.Remove(written);
            map[right] = value;
            corrected.Add((prefix + written, prefix + right));
        }
    }

    private static string? RightFor(string written, string[] names) =>
        Array.Find(names, name => string.Equals(name, written, StringComparison.OrdinalIgnoreCase)) is { } right && right != written ? right : null;
}
