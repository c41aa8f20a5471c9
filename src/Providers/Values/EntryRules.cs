using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate;

namespace GitOpsSecrets.Providers.Values;

/// <summary>What happens to fetched values before they become items: rewritten or converted, checked, decoded.</summary>
public sealed class EntryRules(TimeProvider time)
{
    /// <summary>On an ExternalSecret: names of <c>data</c> entries, separated by commas, that may be missing at the provider.</summary>
    public const string OptionalKeysAnnotation = "gitopssecrets.io/optional-keys";

    private readonly ExecuteOptions execution = new() { Time = time };

    public static HashSet<string> OptionalKeys(ExternalSecret source) =>
        [.. (source.Metadata.Annotation(OptionalKeysAnnotation) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    public static RemoteReference ReferenceOf(RemoteRef remote) =>
        new(remote.Key, Given(remote.Property), Given(remote.Version), remote.MetadataPolicy == MetadataPolicy.Fetch);

    public static FindRequest SearchOf(FindSource find) => new(Given(find.Path), Given(find.Name?.Regexp), find.Tags ?? []);

    /// <param name="fetched">Taken over: zeroed, or given back changed.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="ValuesException">Keys or values are not what they must be.</exception>
    public SecretValues Apply(DataFrom entry, SecretValues fetched, CancellationToken cancellationToken)
    {
        var current = fetched;
        try
        {
            if (entry.Rewrite is { Count: > 0 } rewrites)
            {
                var limits = new RewriteLimits(execution);
                foreach (var rewrite in rewrites) Replace(ref current, Rewrite(rewrite, current, limits, cancellationToken));
            }
            else if (entry.Extract is not null || entry.Find is not null)
            {
                Replace(ref current, SecretKeys.Convert(current, entry.Extract?.ConversionStrategy ?? entry.Find?.ConversionStrategy));
            }
            SecretKeys.Check(current);
            ValueDecoding.DecodeAll(current, entry.Extract?.DecodingStrategy ?? entry.Find?.DecodingStrategy, entry.Extract?.NullBytePolicy ?? entry.Find?.NullBytePolicy);
            return current;
        }
        catch
        {
            current.Dispose();
            throw;
        }
    }

    private static SecretValues Rewrite(Rewrite rewrite, SecretValues values, RewriteLimits limits, CancellationToken cancellationToken) => rewrite switch
    {
        { Merge: { } merge } => new MergeRewriting(
            merge.Into ?? "", merge.Priority ?? [], merge.EffectivePriorityPolicy == RewriteMerge.IgnoreNotFound, merge.EffectiveConflictPolicy == RewriteMerge.Ignore,
            merge.EffectiveStrategy == RewriteMerge.Json).Apply(values),
        { Regexp: { } regexp } => KeyRewriting.Regexp(values, regexp.Source, regexp.Target, limits),
        { Transform: { } transform } => KeyRewriting.Transform(values, transform.Template, limits, cancellationToken),
        _ => throw new ValuesException("rewrite: none of merge, regexp and transform is there"),
    };

    private static void Replace(ref SecretValues current, SecretValues next)
    {
        current.Dispose();
        current = next;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
