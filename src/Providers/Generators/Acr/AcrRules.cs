using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Providers.Azure;

namespace GitOpsSecrets.Providers.Generators.Acr;

/// <summary>What the fields of an ACRAccessToken mean, and what is wrong with them: pure.</summary>
internal static class AcrRules
{
    private static readonly string[] Domains = [".azurecr.io", ".azurecr.us", ".azurecr.cn", ".azurecr.de"];

    public static IEnumerable<string> Findings(AcrAccessTokenSpec spec)
    {
        if (spec.Registry is null || RegistryOf(spec) is null) yield return $"spec.registry \"{spec.Registry}\" is not a registry's host, such as example.azurecr.io";
        else if (IsControllers(spec) && !Domains.Any(domain => RegistryOf(spec)!.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)))
            yield return $"spec.registry \"{spec.Registry}\" is none of Azure's ({string.Join(", ", Domains)}), and the controller's own identity is shown to no other";
        if (spec.EnvironmentType == "AzureStackCloud") yield return "spec.environmentType AzureStackCloud has no container registry that is known here";
        if (spec.EnvironmentType == "GermanCloud") yield return "spec.environmentType: GermanCloud was closed in October 2021";
        if (spec.Auth is not { } auth || auth is { ServicePrincipal: null, ManagedIdentity: null, WorkloadIdentity: null })
        {
            yield return "spec.auth: one of servicePrincipal, managedIdentity and workloadIdentity is required";
            yield break;
        }
        if (auth.ServicePrincipal is not { } principal) yield break;
        if (string.IsNullOrEmpty(spec.TenantId)) yield return "spec.tenantId is required with servicePrincipal";
        foreach (var (name, selector) in (IEnumerable<(string, SecretKeySelector?)>)[("clientId", principal.SecretRef?.ClientId), ("clientSecret", principal.SecretRef?.ClientSecret)])
        {
            if (string.IsNullOrEmpty(selector?.Name) || string.IsNullOrEmpty(selector.Key)) yield return $"spec.auth.servicePrincipal.secretRef.{name} needs a name and a key";
        }
    }

    /// <summary>What was given and has no effect, in the order of <see cref="IdentityOf"/>.</summary>
    public static IEnumerable<string> Unused(AcrAccessTokenSpec.AuthBlock auth, string @namespace)
    {
        var (principal, workload) = (auth.ServicePrincipal?.SecretRef, auth is { ServicePrincipal: null, ManagedIdentity: null } ? auth.WorkloadIdentity : null);
        return
        [
            .. UnusedOptions.Besides(("spec.auth.servicePrincipal", principal), ("spec.auth.managedIdentity", auth.ManagedIdentity), ("spec.auth.workloadIdentity", auth.WorkloadIdentity)),
            .. UnusedOptions.Namespace("spec.auth.servicePrincipal.secretRef.clientId", principal?.ClientId?.Namespace, @namespace),
            .. UnusedOptions.Namespace("spec.auth.servicePrincipal.secretRef.clientSecret", principal?.ClientSecret?.Namespace, @namespace),
            .. UnusedOptions.Namespace("spec.auth.workloadIdentity.serviceAccountRef", workload?.ServiceAccountRef?.Namespace, @namespace),
        ];
    }

    /// <summary>The registry's address; null where it names something else.</summary>
    public static Uri? RegistryOf(AcrAccessTokenSpec spec)
        => Uri.TryCreate($"https://{spec.Registry}/", UriKind.Absolute, out var address) && address.Authority.Equals(spec.Registry, StringComparison.OrdinalIgnoreCase) ? address : null;

    /// <summary>Who asks, with everything read in one namespace.</summary>
    public static AzureIdentity IdentityOf(AcrAccessTokenSpec spec, string @namespace) => spec.Auth switch
    {
        { ServicePrincipal: { SecretRef: var secret } } => new("spec", AzureStore.ServicePrincipal)
        {
            TenantId = spec.TenantId,
            Credentials = new() { ClientId = secret.ClientId! with { Namespace = @namespace }, ClientSecret = secret.ClientSecret! with { Namespace = @namespace } },
        },
        { ManagedIdentity: { } machine } => new("spec", AzureStore.ManagedIdentity) { ManagedId = machine.IdentityId },
        // As in the original the account's annotation says of which tenant it is, and spec.tenantId is for the registry.
        _ => new("spec", AzureStore.WorkloadIdentity) { ServiceAccount = spec.Auth.WorkloadIdentity!.ServiceAccountRef is { } account ? account with { Namespace = @namespace } : null },
    };

    private static bool IsControllers(AcrAccessTokenSpec spec) => spec.Auth is { ServicePrincipal: null } and ({ ManagedIdentity: not null } or { WorkloadIdentity.ServiceAccountRef: null });
}
