using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Which store a reference means, and whether it may be used from a namespace. Asked anew at each pass, so that what is forbidden now is not served from what is open.</summary>
internal sealed class StoreResolver(Func<StoreIdentity, Store?> find, Func<string, IReadOnlyDictionary<string, string>?> namespaceLabels, string controllerClass, bool floodGate)
{
    public static StoreIdentity Identify(SecretStoreRef reference, string @namespace) =>
        reference.EffectiveKind == ClusterSecretStore.ClusterSecretStoreKind
            ? new StoreIdentity(ClusterSecretStore.ClusterSecretStoreKind, new NamespacedName("", reference.Name ?? ""))
            : new StoreIdentity(SecretStore.SecretStoreKind, new NamespacedName(@namespace, reference.Name ?? ""));

    /// <summary>Whether the store is another controller's. One that is not there is not.</summary>
    public bool IsForeign(SecretStoreRef reference, string @namespace) => find(Identify(reference, @namespace)) is { } store && IsForeign(store.Spec.Controller);

    /// <summary>Whether what says this of its class is another controller's.</summary>
    public bool IsForeign(string? @class) => !string.IsNullOrEmpty(@class) && @class != controllerClass;

    /// <exception cref="ValuesException">There is no such store, or it cannot be used from there, or not now.</exception>
    public Store Resolve(SecretStoreRef reference, string @namespace, bool mustBeReady = true)
    {
        var identity = Identify(reference, @namespace);
        if (find(identity) is not { } store) throw new ValuesException($"could not get {identity}, {identity.Kind}.external-secrets.io \"{identity.Name.Name}\" not found");
        if (IsForeign(store.Spec.Controller)) throw new ValuesException("can not reference unmanaged store");
        if (store.IsClusterWide && !Admits(store.Spec.Conditions, @namespace))
        {
            throw new ValuesException($"using cluster store \"{identity.Name.Name}\" is not allowed from namespace \"{@namespace}\": denied by spec.condition");
        }
        if (floodGate && mustBeReady && store.Ready is not { Status: "True" })
        {
            throw new ValuesException($"{identity} is not ready{(store.Ready is { Message: { Length: > 0 } why } ? ": " + why : "")}", Providers.ProviderFailureKind.Unavailable);
        }
        return store;
    }

    internal bool Admits(IReadOnlyList<NamespaceCondition>? conditions, string @namespace) => StoreConditions.Admit(conditions, @namespace, () => namespaceLabels(@namespace));
}
