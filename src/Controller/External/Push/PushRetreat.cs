using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Takes back what was pushed and is wanted no more.</summary>
internal sealed class PushRetreat(PushStores stores)
{
    /// <returns>What went wrong, with what is still there; <c>null</c> when all is gone.</returns>
    public async Task<PushOutcome.Failed?> TakeBackAsync(PushSecret source, IReadOnlyList<(string Store, string Name, PushSecretData Data)> removed, CancellationToken cancellationToken)
    {
        var left = new SortedDictionary<string, SortedDictionary<string, PushSecretData>>(StringComparer.Ordinal);
        var failures = new List<string>();
        TimeSpan? retryAfter = null;
        foreach (var (store, name, data) in removed)
        {
            try
            {
                await stores.DeleteAsync(store, source.Metadata.Namespace ?? "", PushEntry.PlaceOf(data), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is ProviderException or ValuesException)
            {
                if (!left.TryGetValue(store, out var there)) left[store] = there = new(StringComparer.Ordinal);
                there[name] = data;
                failures.Add($"{name} of {store}: {failure.Message}");
                retryAfter ??= (failure as ProviderException)?.RetryAfter ?? (failure as ValuesException)?.RetryAfter;
            }
        }
        return failures.Count == 0 ? null : new PushOutcome.Failed(PushReasons.Errored, $"{PushReasons.DeleteFailed}: {string.Join("; ", failures)}", Final: false, retryAfter, left);
    }

    /// <summary>What is in either; where both have it, the second counts.</summary>
    public static SortedDictionary<string, SortedDictionary<string, PushSecretData>> Union(
        SortedDictionary<string, SortedDictionary<string, PushSecretData>>? first, SortedDictionary<string, SortedDictionary<string, PushSecretData>> second)
    {
        var union = new SortedDictionary<string, SortedDictionary<string, PushSecretData>>(StringComparer.Ordinal);
        foreach (var (store, entries) in (first ?? []).Concat(second))
        {
            if (!union.TryGetValue(store, out var there)) union[store] = there = new(StringComparer.Ordinal);
            foreach (var (name, data) in entries) there[name] = data;
        }
        return union;
    }
}
