using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// What else a store will be asked for soon, so that a store that answers for several keys in one call is asked once: the references of other ExternalSecrets that
/// are due, or will be within the part of their interval over which refreshes are spread.
/// </summary>
/// <param name="takesGeneric">Whether targets of other kinds than Secrets are served, and so will ask for anything.</param>
internal sealed class ExpectedReferences(ExternalCaches caches, ExternalLedger ledger, bool takesGeneric, TimeProvider time)
{
    // A call is worth a look at so many objects, and no more.
    private const int MostObjects = 5000;

    /// <param name="onlyNamespace">Where the store is opened on behalf of one namespace; null otherwise.</param>
    public IEnumerable<(RemoteReference Reference, FetchWindow Window)> Of(Store store, string? onlyNamespace)
    {
        var now = time.GetUtcNow();
        var users = caches.UsersOfStore(store.Identity).Take(MostObjects).ToList();
        // Keys of those that failed come last: they may not be there, and would take the places of others at each call.
        foreach (var key in users.Where(user => !ledger.IsFailing(user)).Concat(users.Where(ledger.IsFailing)))
        {
            if ((onlyNamespace is not null && key.Namespace != onlyNamespace) || (store.IsClusterWide && !caches.Stores.Admits(store.Spec.Conditions, key.Namespace))) continue;
            if (caches.Read(key) is not { IsBeingDeleted: false } seen || (seen.IsGeneric && !takesGeneric) || seen.CreationPolicy == CreationPolicy.None) continue;
            if (WindowOf(seen, now) is not { } window) continue;
            foreach (var remote in RemotesOf(seen.Source, store.Identity)) yield return (EntryRules.ReferenceOf(remote), window);
        }
    }

    /// <summary>How old the answer may be that it will take; null when it will take none that is asked for now.</summary>
    private static FetchWindow? WindowOf(ExternalView seen, DateTimeOffset now)
    {
        var plan = RefreshPlan.For(seen, now);
        // Somebody who asks for it anew wants what there is from then on.
        if (plan.Reason == RefreshReason.Changed) return null;
        if (plan.IsDue) return plan.Window;
        return plan.NextLook is { } wait && wait <= seen.Interval * RefreshSchedule.JitterShare ? plan.Window with { NotBefore = now + wait - plan.Window.Keep } : null;
    }

    /// <summary>Every search of a store that an ExternalSecret makes.</summary>
    public static IEnumerable<FindSource> SearchesOf(ExternalSecret source, StoreIdentity store) =>
        (source.Spec.DataFrom ?? []).Where(entry => entry.Find is not null && Means(source, entry.SourceRef?.StoreRef, store)).Select(entry => entry.Find!);

    /// <summary>Every single secret of a store that an ExternalSecret names.</summary>
    public static IEnumerable<RemoteRef> RemotesOf(ExternalSecret source, StoreIdentity store) =>
        (source.Spec.DataFrom ?? []).Where(entry => entry.Extract is not null).Select(entry => (Store: entry.SourceRef?.StoreRef, Remote: entry.Extract!))
            .Concat((source.Spec.Data ?? []).Select(entry => (Store: entry.SourceRef?.StoreRef, Remote: entry.RemoteRef)))
            .Where(entry => Means(source, entry.Store, store))
            .Select(entry => entry.Remote);

    private static bool Means(ExternalSecret source, SecretStoreRef? named, StoreIdentity store) =>
        (named ?? source.Spec.SecretStoreRef) is { } reference && StoreResolver.Identify(reference, source.Metadata.Namespace ?? "") == store;
}
