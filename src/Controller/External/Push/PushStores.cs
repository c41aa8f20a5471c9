using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>The stores of a PushSecret, and what is done there: through the same doors, and with the same opened stores, as ExternalSecrets.</summary>
internal sealed class PushStores(ExternalCaches shared, StoreAccess access)
{
    private static readonly SortedDictionary<string, string> NoLabels = [];

    // A property is put into what is there already, which few stores can do in one step: two that did so side by side would undo each other.
    private readonly Turns<(StoreIdentity Store, string Key)> turns = new();

    /// <summary>Name of a store in <c>status.syncedPushSecrets</c>.</summary>
    public static string KeyOf(StoreIdentity store) => $"{store.Kind}/{store.Name.Name}";

    public static SortedDictionary<string, string> LabelsOf(Store store) => store.Metadata.Labels ?? NoLabels;

    /// <summary>Each store that is named, once. Whoever is being deleted, or is another controller's, is left out.</summary>
    /// <exception cref="ValuesException">One that is named is not there, or may not be used from there.</exception>
    public IReadOnlyList<Store> Choose(PushSecret source)
    {
        var ns = source.Metadata.Namespace ?? "";
        var chosen = new Dictionary<StoreIdentity, Store>();
        foreach (var reference in source.Spec.SecretStoreRefs)
        {
            IEnumerable<Store?> named = reference.LabelSelector is null ? [Named(reference, ns)] : Labelled(reference, ns);
            foreach (var store in named)
            {
                if (store is { Metadata.DeletionTimestamp: null } && !shared.Stores.IsForeign(store.Spec.Controller)) chosen.TryAdd(store.Identity, store);
            }
        }
        return [.. chosen.Values];
    }

    /// <summary>As of <see cref="ExternalCaches.IsEnding"/>.</summary>
    public bool IsEnding(string ns) => shared.IsEnding(ns);

    /// <summary>Whether it is by its stores another controller's business.</summary>
    public bool IsForeign(PushSecret source) => source.Spec.SecretStoreRefs.Count > 0 && source.Spec.SecretStoreRefs.All(reference =>
        !string.IsNullOrEmpty(reference.Name) && shared.Stores.IsForeign(Reference(reference.EffectiveKind, reference.Name), source.Metadata.Namespace ?? ""));

    /// <returns>What was written, and what came of it; null when the store has a value already that is to stay.</returns>
    /// <exception cref="ProviderException">The store refused, or cannot be written.</exception>
    public Task<PushRequest?> PushAsync(Store store, string ns, PushedSource from, PushEntry entry, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        UseAsync<PushRequest?>(store, ns, entry.Place, async (push, token) =>
        {
            if (onlyIfAbsent && await IsThereAsync(push, entry.Place, token).ConfigureAwait(false)) return null;
            using var subset = entry.Keys is null ? null : from.Subset(entry.Keys);
            var request = from.RequestFor(entry, subset ?? from.Values);
            await push.PushAsync(request, token).ConfigureAwait(false);
            return request;
        }, cancellationToken);

    /// <summary>Where each place is, beside its key; null where the store does not understand that.</summary>
    /// <exception cref="ProviderException">The store cannot be opened.</exception>
    public async Task<IReadOnlyList<string?>> LocateAsync(Store store, string ns, IReadOnlyList<RemotePlace> places, CancellationToken cancellationToken)
    {
        var opened = await access.OpenAsync(store, ns, cancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false)) return [.. places.Select(place => LocationOf(opened.Source as IPush, place))];
    }

    private static string? LocationOf(IPush? push, RemotePlace place)
    {
        try
        {
            return push?.LocationOf(place);
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    /// <summary>Takes back what was pushed. A store that is gone cannot be asked, and must not hold the PushSecret for ever.</summary>
    /// <returns><c>false</c> when the store is gone.</returns>
    /// <exception cref="ProviderException">The store refused.</exception>
    /// <exception cref="ValuesException">It may not be used from there.</exception>
    public async Task<bool> DeleteAsync(string storeKey, string ns, RemotePlace place, CancellationToken cancellationToken)
    {
        if (Known(storeKey, ns) is not { } store) return false;
        return await UseAsync(store, ns, place, async (push, token) =>
        {
            await push.DeleteAsync(place, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the place holds something already, whoever put it there.</summary>
    /// <exception cref="ProviderException">The store does not say.</exception>
    public Task<bool> HasAsync(Store store, string ns, RemotePlace place, CancellationToken cancellationToken) => UseAsync(store, ns, place, (push, token) => IsThereAsync(push, place, token), cancellationToken);

    /// <summary>Whether a Secret of this cluster is the very one that lies at one of these places.</summary>
    public async Task<bool> HoldAsync(SortedDictionary<string, SortedDictionary<string, PushSecretData>> lying, PartialObjectMetadata secret, CancellationToken cancellationToken)
    {
        foreach (var (storeKey, entries) in lying)
        {
            if (entries.Values.FirstOrDefault(data => data.Match.RemoteRef.RemoteKey == secret.Key.Name) is not { } named) continue;
            try
            {
                if (Known(storeKey, secret.Key.Namespace) is not { } store) continue;
                var place = PushEntry.PlaceOf(named);
                if (await UseAsync(store, secret.Key.Namespace, place, (push, token) => push.FindUidAsync(place, token), cancellationToken).ConfigureAwait(false) is { } uid && uid == secret.Uid) return true;
            }
            catch (Exception failure) when (failure is ProviderException or ValuesException)
            {
                // One that does not say which Secret it holds cannot be this cluster, as a rule; and what is written there will tell.
            }
        }
        return false;
    }

    /// <exception cref="ValuesException">It may not be used from there.</exception>
    private Store? Known(string storeKey, string ns)
    {
        var slash = storeKey.IndexOf('/', StringComparison.Ordinal);
        var reference = Reference(storeKey[..Math.Max(slash, 0)], storeKey[(slash + 1)..]);
        return shared.FindStore(StoreResolver.Identify(reference, ns)) is null ? null : shared.Stores.Resolve(reference, ns, mustBeReady: false);
    }

    private static async Task<bool> IsThereAsync(IPush push, RemotePlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await push.ExistsAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new ProviderException(failure.Kind, $"could not verify if secret exists in store: {failure.Message}", failure) { RetryAfter = failure.RetryAfter };
        }
    }

    private async Task<T> UseAsync<T>(Store store, string ns, RemotePlace place, Func<IPush, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var opened = await access.OpenAsync(store, ns, cancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            if (opened.Source is not IPush push) throw new ProviderException(ProviderFailureKind.Invalid, "its provider cannot be written");
            var key = new AnswerKey(opened.Number, null, $"push {place.Key}");
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, opened.Life);
            try
            {
                return await turns.RunAsync((store.Identity, place.Key), () => opened.Door.RefusalOf(key) is { } refusal
                    ? throw refusal
                    : opened.Door.CallAsync([key], token => call(push, token), both.Token), both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProviderException(ProviderFailureKind.Unavailable, "the store was changed while it was asked");
            }
        }
    }

    private Store? Named(PushSecretStoreRef reference, string ns)
    {
        var named = Reference(reference.EffectiveKind, reference.Name);
        return shared.Stores.IsForeign(named, ns) ? null : shared.Stores.Resolve(named, ns, mustBeReady: false);
    }

    private IEnumerable<Store?> Labelled(PushSecretStoreRef reference, string ns)
    {
        var all = reference.EffectiveKind == ClusterSecretStore.ClusterSecretStoreKind
            ? shared.ClusterStores.Cache.Snapshot().Select(Store.Of).Where(store => shared.Stores.Admits(store.Spec.Conditions, ns))
            : shared.SecretStores.SelectMany(informer => informer.Cache.Snapshot()).Where(store => store.Metadata.Namespace == ns).Select(Store.Of);
        return all.Where(store => PushPolicy.Names(reference, store.Identity, LabelsOf(store))).OrderBy(store => store.Identity.Name.Name, StringComparer.Ordinal);
    }

    private static SecretStoreRef Reference(string kind, string? name) => new() { Kind = kind, Name = name };
}
