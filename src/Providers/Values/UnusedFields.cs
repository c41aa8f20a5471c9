using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>Fields of an entry that were given and have no effect there, as in the original: the entry works, and its author is told.</summary>
internal static class UnusedFields
{
    public static IEnumerable<string> Of(ExternalSecretData entry, ISecretSource source) =>
    [
        .. Of(entry.RemoteRef, source).Select(field => "remoteRef." + field),
        // secretKey is the key: there is none to convert.
        .. Converted(entry.RemoteRef.ConversionStrategy, "remoteRef"),
    ];

    public static IEnumerable<string> Of(DataFrom entry, ISecretSource source) =>
    [
        .. entry.Extract is { } extract ? Of(extract, source).Select(field => "extract." + field) : [],
        .. entry.Find is { } find && source is IFind search ? search.Unused(EntryRules.SearchOf(find)).Select(field => "find." + field) : [],
        // A rewrite stands in the place of the conversion.
        .. entry.Rewrite is { Count: > 0 } ? [.. Converted(entry.Extract?.ConversionStrategy, "extract"), .. Converted(entry.Find?.ConversionStrategy, "find")] : (string[])[],
    ];

    /// <summary>Whatever its values come from.</summary>
    public static IEnumerable<string> OfRewrites(DataFrom entry) =>
        (entry.Rewrite ?? []).SelectMany((rewrite, index) => Of(rewrite.Merge).Select(field => string.Create(CultureInfo.InvariantCulture, $"rewrite[{index}].merge.{field}")));

    private static IEnumerable<string> Of(RewriteMerge? merge)
    {
        if (merge is { Into.Length: > 0 } and not { EffectiveStrategy: RewriteMerge.Json }) yield return "into";
        if (merge is { EffectivePriorityPolicy: RewriteMerge.IgnoreNotFound } and not { Priority.Count: > 0 }) yield return "priorityPolicy";
    }

    private static IEnumerable<string> Of(RemoteRef remote, ISecretSource source)
    {
        var reference = EntryRules.ReferenceOf(remote);
        var request = source.RequestFor(reference);
        if (reference.Version is not null && request == source.RequestFor(reference with { Version = null })) yield return "version";
        if (reference.FetchMetadata && request == source.RequestFor(reference with { FetchMetadata = false })) yield return "metadataPolicy";
        foreach (var field in source.Unused(reference)) yield return field;
    }

    /// <summary>The default is not told: the definitions of earlier versions filled it in everywhere.</summary>
    private static string[] Converted(string? strategy, string part) => strategy == ConversionStrategy.Unicode ? [part + ".conversionStrategy"] : [];
}
