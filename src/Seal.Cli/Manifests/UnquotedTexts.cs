using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>
/// Numbers and booleans where a Secret has text (<c>port: 5432</c>): the original takes what YAML has made of them, in JSON as well, and scripts depend on it. YAML makes 511 of <c>0777</c> and true
/// of <c>yes</c>, which nobody sees in what is sealed, so each is told.
/// </summary>
internal static class UnquotedTexts
{
    // As far as the original keeps the number (it prints floats in single precision), and without exponents.
    private const double LargestReal = 1e6;
    private const double SmallestReal = 1e-4;

    /// <summary>Puts texts in place of them.</summary>
    /// <returns>The fields where it did.</returns>
    public static List<string> Quote(JsonObject secret)
    {
        var quoted = new List<string>();
        QuoteFields(secret, "", ["apiVersion", "type"], quoted);
        QuoteMap(secret, "", "stringData", quoted);
        if (secret["metadata"] is JsonObject metadata)
        {
            QuoteFields(metadata, "metadata.", ["name", "namespace", "generateName"], quoted);
            QuoteMap(metadata, "metadata.", "labels", quoted);
            QuoteMap(metadata, "metadata.", "annotations", quoted);
        }
        return quoted;
    }

    private static void QuoteMap(JsonObject owner, string prefix, string field, List<string> quoted)
    {
        if (owner[field] is JsonObject map) QuoteFields(map, $"{prefix}{field}.", [.. map.Select(entry => entry.Key)], quoted);
    }

    private static void QuoteFields(JsonObject map, string prefix, IEnumerable<string> names, List<string> quoted)
    {
        foreach (var name in names)
        {
            if (map[name] is not JsonValue value || TextOf(value) is not { } text) continue;
            map[name] = TextNodes.Of(text);
            quoted.Add(prefix + name);
        }
    }

    private static string? TextOf(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when value.TryGetValue<long>(out var integer) => integer.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Number when value.TryGetValue<ulong>(out var large) => large.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Number when value.TryGetValue<double>(out var real) => TextOf(real),
        _ => null,
    };

    private static string? TextOf(double real)
    {
        var text = real.ToString("R", CultureInfo.InvariantCulture);
        return Math.Abs(real) is < LargestReal and >= SmallestReal or 0 && text == ((float)real).ToString("R", CultureInfo.InvariantCulture) ? text : null;
    }
}
