using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Who asks, as a store or a generator says it.</summary>
/// <param name="Path">Where it is said, such as <c>spec.provider.azurekv</c>: for messages.</param>
/// <param name="AuthType">One of <see cref="AzureStore"/>'s.</param>
internal sealed record AzureIdentity(string Path, string AuthType)
{
    public string? TenantId { get; init; }
    public AzureStore.Credentials? Credentials { get; init; }
    public ServiceAccountSelector? ServiceAccount { get; init; }

    /// <summary>With a managed identity: which, by client or resource id.</summary>
    public string? ManagedId { get; init; }

    public static AzureIdentity Of(AzureStore store) => new("spec.provider.azurekv", string.IsNullOrEmpty(store.AuthType) ? AzureStore.ServicePrincipal : store.AuthType)
    {
        TenantId = store.TenantId,
        Credentials = store.AuthSecretRef,
        ServiceAccount = store.ServiceAccountRef,
        ManagedId = store.IdentityId,
    };
}
