using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Controller.External;

/// <summary>What the providers of this program are given: theirs is the list (<see cref="Catalog"/>), ours the HTTP.</summary>
internal static class KnownProviders
{
    public static IProviderHttp Http(ControllerOptions options, TimeProvider time) => new ProviderHttp(new ProviderHttpOptions { AllowLinkLocal = options.AllowLinkLocalStores }, time);
}
