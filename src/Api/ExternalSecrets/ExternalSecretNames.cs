namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Groups, labels, annotations and finalizers that users' manifests, scripts and live clusters depend on.</summary>
public static class ExternalSecretNames
{
    public const string Group = "external-secrets.io";
    public const string V1 = "v1";
    public const string V1Beta1 = "v1beta1";
    public const string V1Alpha1 = "v1alpha1";
    public const string GroupV1 = Group + "/" + V1;
    public const string GroupV1Beta1 = Group + "/" + V1Beta1;
    public const string GroupV1Alpha1 = Group + "/" + V1Alpha1;
    public const string GeneratorGroup = "generators.external-secrets.io";
    public const string GeneratorGroupVersion = GeneratorGroup + "/" + V1Alpha1;

    /// <summary>Label of every Secret that an ExternalSecret writes; its value is <c>true</c>.</summary>
    public const string ManagedLabel = "reconcile.external-secrets.io/managed";

    /// <summary>Label of an owned Secret: the hash of <c>namespace/name</c> of its ExternalSecret.</summary>
    public const string CreatedByLabel = "reconcile.external-secrets.io/created-by";

    /// <summary>Annotation of every written Secret: the hash of its data.</summary>
    public const string DataHashAnnotation = "reconcile.external-secrets.io/data-hash";

    /// <summary>Changing it asks for a refresh now; a ClusterExternalSecret hands it to its ExternalSecrets.</summary>
    public const string ForceSyncAnnotation = "external-secrets.io/force-sync";

    /// <summary>On a store: no events about its provider being unmaintained.</summary>
    public const string IgnoreMaintenanceChecksAnnotation = "external-secrets.io/ignore-maintenance-checks";

    /// <summary>Label, with the value <c>webhook</c>, of Secrets that the webhook provider and generator may read.</summary>
    public const string TypeLabel = "external-secrets.io/type";

    public const string ExternalSecretFinalizer = "externalsecrets.external-secrets.io/externalsecret-cleanup";
    public const string ClusterExternalSecretFinalizer = "externalsecrets.external-secrets.io/clusterexternalsecret-cleanup";
    public const string PushSecretFinalizer = "pushsecret.externalsecrets.io/finalizer";
    public const string SecretStoreFinalizer = "secretstore.externalsecrets.io/finalizer";
    public const string GeneratorStateFinalizer = "generatorstate.externalsecrets.io/finalizer";
    public const string GeneratorStateOwnerLabel = "generators.external-secrets.io/owner-key";

    /// <summary>Start of the field manager under which Secrets are written; the ExternalSecret's name follows.</summary>
    public const string FieldManagerPrefix = "externalsecrets.external-secrets.io/";
}
