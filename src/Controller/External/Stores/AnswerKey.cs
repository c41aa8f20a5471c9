using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>What was asked of which opened store. That the store is part of it keeps tenants apart: each opened store is of one identity.</summary>
/// <param name="Source">Number of the opened store.</param>
/// <param name="Request">One secret; null for a search.</param>
/// <param name="Search">A search, as text; null for one secret.</param>
internal readonly record struct AnswerKey(long Source, RemoteRequest? Request, string? Search = null)
{
    public static AnswerKey Of(long source, FindRequest search) => new(
        source, null, string.Join('\u0001', [search.Path ?? "", search.Name ?? "", .. search.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}\u0002{tag.Value}")]));
}
