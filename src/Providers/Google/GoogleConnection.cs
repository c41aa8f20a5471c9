using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Google;

/// <summary>The HTTP client for one identity.</summary>
internal static class GoogleConnection
{
    /// <param name="http">Makes it.</param>
    /// <param name="surroundings">Whom to trust.</param>
    /// <param name="auth">Whose identity; null for the controller's own, for which its metadata server must be reached.</param>
    /// <param name="meter">Counts.</param>
    /// <param name="time">For waits.</param>
    public static GoogleHttp Open(IProviderHttp http, GoogleSurroundings surroundings, GcpAuth? auth, CallMeter meter, TimeProvider time)
    {
        // Addresses that a tenant chooses are those in a key file and an external token endpoint; with the others, Google's and the metadata server are all that is called.
        var choosesAddresses = auth?.SecretRef is not null || !string.IsNullOrEmpty(auth?.WorkloadIdentityFederation?.ExternalTokenEndpoint);
        return new GoogleHttp(http.Create(new HttpSettings { Authorities = surroundings.Authorities, GuardAddresses = choosesAddresses }), meter, time);
    }
}
