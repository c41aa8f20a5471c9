using System.Globalization;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a vault says about an object: its tags and times. Pure.</summary>
internal static class KeyVaultFacts
{
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";
    private static readonly (string Attribute, string Name)[] Times =
        [("exp", "attribute.expires"), ("created", "attribute.created"), ("updated", "attribute.updated"), ("nbf", "attribute.notBefore")];

    public static string OwnerTag => ManagedBy;

    public static string Owner => Us;

    /// <summary>Whether we wrote it.</summary>
    public static bool IsOurs(JsonElement item) => Tags(item).GetValueOrDefault(ManagedBy) == Us;

    /// <summary>Whether it can be read at all.</summary>
    public static bool IsEnabled(JsonElement item) => JsonMembers.Member(JsonMembers.Member(item, "attributes"), "enabled") is not { ValueKind: JsonValueKind.False };

    public static SortedDictionary<string, string> Tags(JsonElement item)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (JsonMembers.Member(item, "tags") is not { ValueKind: JsonValueKind.Object } found) return tags;
        foreach (var tag in found.EnumerateObject().Where(tag => tag.Value.ValueKind == JsonValueKind.String)) tags[tag.Name] = tag.Value.GetString()!;
        return tags;
    }

    /// <summary>When it ends, in seconds of the epoch; null for never.</summary>
    public static long? Expires(JsonElement item) => Seconds(item, "exp");

    /// <summary>The times under the names that the original gives them, as RFC 3339 has them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> TimesOf(JsonElement item)
    {
        foreach (var (attribute, name) in Times)
        {
            if (Seconds(item, attribute) is { } seconds) yield return new(name, DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
    }

    private static long? Seconds(JsonElement item, string attribute)
        => JsonMembers.Member(JsonMembers.Member(item, "attributes"), attribute) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds) && Math.Abs(seconds) < 200_000_000_000 ? seconds : null;
}
