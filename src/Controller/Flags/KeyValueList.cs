namespace GitOpsSecrets.Controller.Flags;

/// <summary><c>k=v,k2=v2</c>, as labels and annotations are given on a command line.</summary>
internal static class KeyValueList
{
    /// <returns><c>null</c> when an entry has no <c>=</c> or an empty name.</returns>
    public static SortedDictionary<string, string>? TryParse(string text)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return null;
            map[entry[..equals]] = entry[(equals + 1)..];
        }
        return map;
    }
}
