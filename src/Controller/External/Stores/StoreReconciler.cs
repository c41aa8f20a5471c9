using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>SecretStore and ClusterSecretStore → status: opens it and asks whether it would answer, at once and then every so often.</summary>
internal sealed class StoreReconciler(
    Func<StoreIdentity, Store?> find, StoreResolver resolver, StoreAccess access, ProviderCatalog providers, StoreReport report, Action<StoreIdentity> well, TimeSpan standardInterval, Func<double> jitter) : IReconciler
{
    private readonly SecretStoreRules rules = new(providers);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<NamespacedName, int> failures = new();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read; a name without a namespace is a cluster store's
        var identity = new StoreIdentity(key.Namespace.Length == 0 ? ClusterSecretStore.ClusterSecretStoreKind : SecretStore.SecretStoreKind, key);
        if (find(identity) is not { } store)
        {
            failures.TryRemove(key, out _);
            await access.CloseAsync(identity).ConfigureAwait(false);
            return ReconcileResult.Done;
        }
        await access.RenewAsync(store).ConfigureAwait(false);
        if (store.Metadata.DeletionTimestamp is not null || resolver.IsForeign(store.Spec.Controller)) return ReconcileResult.Done;

        // Whether it is well is a call too: who asks for patience is not asked, and what was found out before stands.
        if (store.Ready is not null && access.AskedPatience(identity) is var patience && patience > TimeSpan.Zero) return new ReconcileResult(patience * (1 + (0.2 * jitter())));

        // b  look at it, c  try it
        var finding = await FindAsync(store, cancellationToken).ConfigureAwait(false);

        // d  tell
        await report.ReportAsync(store, finding, Maintained(store), cancellationToken).ConfigureAwait(false);

        var interval = store.Spec.RefreshInterval?.Value is { } own && own > TimeSpan.Zero ? RefreshSchedule.Bounded(own) : standardInterval;
        if (finding.IsReady)
        {
            failures.TryRemove(key, out _);
            if (finding.Reason == StoreFinding.Valid) well(identity);
            return new ReconcileResult(interval * (1 - (0.1 * jitter())));
        }
        return new ReconcileResult(RefreshBackoff.Delay(failures.AddOrUpdate(key, 0, (_, count) => count + 1), interval, jitter()));
    }

    private StoreFinding WithUnused(Store store, StoreFinding finding) => finding.Reason == StoreFinding.Valid
        ? finding with { Message = finding.Message + ExternalReasons.Without([.. Unused(store, providers.Find(store.Spec.Provider!.Name!)!)]) }
        : finding;

    private static IEnumerable<string> Unused(Store store, IProvider provider)
    {
        // A SecretStore serves its own namespace, whatever its conditions say.
        if (!store.IsClusterWide && store.Spec.Conditions is { Count: > 0 }) yield return "spec.conditions";
        if (store.Spec.RetrySettings is not null && !provider.Repeats) yield return "spec.retrySettings";
        foreach (var field in provider.Unused(Describe(store))) yield return field;
    }

    private async Task<StoreFinding> FindAsync(Store store, CancellationToken cancellationToken)
    {
        try
        {
            return WithUnused(store, Check(store) ?? await TryAsync(store, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            return Invalid(StoreFinding.NotValid, InternalError.Describe(failure), null);
        }
    }

    /// <summary>What the admission webhook would refuse, in its words; null when nothing is wrong.</summary>
    private StoreFinding? Check(Store store)
    {
        var finding = rules.Check(store.Identity.Kind, store.Metadata, store.Spec);
        if (finding.IsAllowed) return null;
        var provider = store.Spec.Provider?.Name is { } name ? providers.Find(name) : null;
        return Invalid(provider is null ? StoreFinding.NoClient : StoreFinding.NotValid, finding.Sentence, provider?.CapabilityOf(Describe(store)).ToString());
    }

    private static StoreDescription Describe(Store store) =>
        new(store.Identity.Kind, store.Identity.Name.Name, store.IsClusterWide ? null : store.Identity.Name.Namespace, store.Spec.Provider!.Options);

    private async Task<StoreFinding> TryAsync(Store store, CancellationToken cancellationToken)
    {
        var capability = providers.Find(store.Spec.Provider!.Name!)!.CapabilityOf(Describe(store)).ToString();
        OpenedStore opened;
        try
        {
            opened = await access.OpenAsync(store, store.IsClusterWide ? null : store.Identity.Name.Namespace, cancellationToken).ConfigureAwait(false);
        }
        catch (ReferentStoreException)
        {
            return new StoreFinding(true, StoreFinding.Valid, StoreFinding.Validated, "", capability);
        }
        catch (ProviderException failure)
        {
            return Invalid(StoreFinding.NoClient, failure.Message, capability);
        }
        await using (opened)
        {
            if (opened.Source is not IValidate source) return new StoreFinding(true, StoreFinding.Valid, StoreFinding.Validated, "", capability);
            var validity = await source.ValidateAsync(cancellationToken).ConfigureAwait(false);
            if (validity.Kind == StoreValidityKind.Valid) access.Share(store, opened);
            // Providers that log in when they are first asked find out here only that the credentials are those of whoever uses the store.
            else if (store.IsClusterWide && opened.Cluster.IsReferent) validity = StoreValidity.Unknown(null);
            return validity switch
            {
                { Kind: StoreValidityKind.Invalid } => Invalid(StoreFinding.NotValid, validity.Cause ?? "", capability),
                { Kind: StoreValidityKind.Unknown, Cause: { Length: > 0 } cause } => new StoreFinding(true, StoreFinding.ValidationUnknown, StoreFinding.Undetermined, cause, capability),
                _ => new StoreFinding(true, StoreFinding.Valid, StoreFinding.Validated, "", capability),
            };
        }
    }

    private bool Maintained(Store store) =>
        store.Spec.Provider?.Name is not { } name || providers.Find(name) is not { IsMaintained: false } || store.Metadata.Annotation(ExternalSecretNames.IgnoreMaintenanceChecksAnnotation) is not null;

    private static StoreFinding Invalid(string message, string cause, string? capability) => new(false, StoreFinding.InvalidProviderConfig, message, cause, capability);
}
