using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>The session tags of a store's role: pure.</summary>
internal static class AwsTags
{
    public const string None = "None";
    public const string Simple = "Simple";
    public const string Custom = "Custom";
    public const string Namespace = "esoNamespace";
    public const string StoreName = "esoStoreName";
    public const string StoreKind = "esoStoreKind";

    /// <summary>Whether they say for whom the store is used, so that each namespace has a session of its own.</summary>
    public static bool NameTheCaller(AwsStore options) => options.SessionTagsPolicy is Simple or Custom;

    /// <summary>A policy's tags stand in place of <c>sessionTags</c>, as in the original.</summary>
    /// <param name="caller">The namespace of whoever uses the store; null when nobody asks for it.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(AwsStore options, StoreDescription store, string? caller)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!NameTheCaller(options))
        {
            foreach (var tag in options.SessionTags ?? []) tags[tag.Key] = tag.Value;
            return [.. tags];
        }
        if (options.SessionTagsPolicy == Custom)
        {
            foreach (var (key, value) in options.CustomSessionTags ?? []) tags[key] = value;
        }
        tags[Namespace] = caller ?? "";
        tags[StoreName] = store.Name;
        tags[StoreKind] = store.Kind;
        return [.. tags];
    }
}
