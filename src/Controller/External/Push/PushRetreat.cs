using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Takes back what was pushed and is wanted no more.</summary>
internal sealed class PushRetreat(PushStores stores, PushLedger ledger, PushNeighbours neighbours)
{
    /// <returns>What went wrong, with all that still lies somewhere; <c>null</c> when all is gone.</returns>
    public async Task<PushOutcome.Failed?> TakeBackAsync(PushSecret source, IReadOnlyList<(string Store, string Name, PushSecretData Data)> removed, CancellationToken cancellationToken)
    {
        var key = ExternalKinds.PushSecrets.Key(source);
        var failures = new List<string>();
        TimeSpan? retryAfter = null;
        foreach (var (store, name, data) in removed)
        {
            try
            {
                await stores.DeleteAsync(store, source.Metadata.Namespace ?? "", PushEntry.PlaceOf(data), cancellationToken).ConfigureAwait(false);
                ledger.TakenBack(key, source, store, name);
                neighbours.TakenBack(source, store, data);
            }
            catch (Exception failure) when (failure is ProviderException or ValuesException || InternalError.Is(failure, cancellationToken))
            {
                failures.Add($"{name} of {store}: {(failure is ProviderException or ValuesException ? failure.Message : InternalError.Describe(failure))}");
                retryAfter ??= (failure as ProviderException)?.RetryAfter ?? (failure as ValuesException)?.RetryAfter;
            }
        }
        return failures.Count == 0 ? null : new PushOutcome.Failed(PushReasons.Errored, $"{PushReasons.DeleteFailed}: {string.Join("; ", failures)}", Final: false, retryAfter, ledger.Unwritten(key, source));
    }
}
