using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Asks stores, as seldom as may be: what somebody asked within the window is not asked again, and what can be asked together is.</summary>
internal sealed class StoreReader(StoreResolver resolver, StoreAccess access, AnswerCache answers, ExpectedReferences expected, StoreWaits waits) : IStoreReader
{
    public async Task<IStoreReading> OpenAsync(SecretStoreRef reference, string @namespace, FetchWindow window, CancellationToken cancellationToken)
    {
        var store = resolver.Resolve(reference, @namespace);
        try
        {
            var opened = await OpenAsync(store, @namespace, cancellationToken).ConfigureAwait(false);
            // Before it is known to serve all, others' keys are not asked for with one's credentials.
            return new StoreReading(store, @namespace, opened, access, answers, waits, window, () => expected.Of(store, store.IsClusterWide && !opened.Cluster.IsShared ? @namespace : null));
        }
        catch (ProviderException failure)
        {
            throw new ValuesException($"could not use {store.Identity}: {failure.Message}", failure.Kind, failure.RetryAfter);
        }
    }

    private async Task<OpenedStore> OpenAsync(Store store, string @namespace, CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opening = access.OpenAsync(store, @namespace, leaving.Token);
        try
        {
            if (!opening.IsCompleted && !waits.HasRoom(store.Identity, @namespace)) throw new StoreBusyException(store.Identity);
            return await waits.WaitAsync(store.Identity, @namespace, opening, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is StoreBusyException or OperationCanceledException)
        {
            // Those who have room to wait open it for all; one that is left alone would open the store as it was.
            await leaving.CancelAsync().ConfigureAwait(false);
            _ = opening.ContinueWith(
                static async opened => await (await opened.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }
}
