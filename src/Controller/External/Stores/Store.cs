using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>A SecretStore or ClusterSecretStore, as the cache has it.</summary>
internal sealed record Store(StoreIdentity Identity, ObjectMeta Metadata, SecretStoreSpec Spec, SecretStoreStatus? Status)
{
    public bool IsClusterWide => Identity.Kind == ClusterSecretStore.ClusterSecretStoreKind;

    public Condition? Ready => Status?.Conditions?.FirstOrDefault(condition => condition.Type == Condition.Ready);

    /// <summary>As its provider sees it; null when it names none, or several.</summary>
    public StoreDescription? Description =>
        Spec.Provider is { Name: not null } block ? new StoreDescription(Identity.Kind, Identity.Name.Name, IsClusterWide ? null : Identity.Name.Namespace, block.Options) : null;

    public static Store Of(SecretStore store) =>
        new(new StoreIdentity(SecretStore.SecretStoreKind, new NamespacedName(store.Metadata.Namespace ?? "", store.Metadata.Name ?? "")), store.Metadata, store.Spec, store.Status);

    public static Store Of(ClusterSecretStore store) =>
        new(new StoreIdentity(ClusterSecretStore.ClusterSecretStoreKind, new NamespacedName("", store.Metadata.Name ?? "")), store.Metadata, store.Spec, store.Status);
}
