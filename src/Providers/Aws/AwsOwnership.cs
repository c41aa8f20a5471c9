namespace GitOpsSecrets.Providers.Aws;

/// <summary>What we wrote says so by a tag, and nothing that does not is overwritten or deleted: pure.</summary>
internal static class AwsOwnership
{
    private const string ManagedBy = "managed-by";
    private const string Us = "external-secrets";

    public static bool IsOurs(IReadOnlyDictionary<string, string> tags) => tags.TryGetValue(ManagedBy, out var by) && by == Us;

    /// <summary>The tags that something of ours shall have.</summary>
    public static SortedDictionary<string, string> Tags(IEnumerable<KeyValuePair<string, string>>? wished)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in wished ?? []) tags[key] = value;
        tags[ManagedBy] = Us;
        return tags;
    }

    /// <summary>Tags of AWS's own cannot be set or removed.</summary>
    public static IReadOnlyList<string> TooMany(SortedDictionary<string, string> present, SortedDictionary<string, string> wanted) =>
        [.. present.Keys.Where(key => !wanted.ContainsKey(key) && !key.StartsWith("aws:", StringComparison.Ordinal))];

    public static IReadOnlyList<KeyValuePair<string, string>> Missing(SortedDictionary<string, string> present, SortedDictionary<string, string> wanted) =>
        [.. wanted.Where(tag => !present.TryGetValue(tag.Key, out var value) || value != tag.Value)];
}
