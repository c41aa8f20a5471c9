using System.Security.Cryptography.X509Certificates;
using global::Azure.Core;
using global::Azure.Identity;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>An application that logs in at Microsoft Entra ID, or at what a cloud of one's own has in its place.</summary>
/// <param name="authority">Where to.</param>
/// <param name="read">What is shown; read anew each time, so that what was rotated counts.</param>
internal sealed class AzureApplicationCredential(IProviderHttp http, HttpSettings settings, CallMeter meter, TimeProvider time, Uri authority, Func<CancellationToken, Task<AzureProof>> read, string? shownTo)
    : AzureCredential(http.Create(settings with { Around = inner => new AzureLoginHandler(inner, meter, time, whose: null) }), shownTo)
{
    private string? fingerprint;
    private string? assertion;
    private TokenCredential? credential;
    private X509Certificate2? certificate;

    protected override string Service => authority.Host;

    public override void Forget() => credential = null;

    protected override async Task<AccessToken> AskAsync(TokenRequestContext context, CancellationToken cancellationToken)
    {
        var now = await read(cancellationToken).ConfigureAwait(false);
        assertion = now.Assertion;
        var known = now.Fingerprint == fingerprint ? credential : null;
        known ??= credential = Make(now);
        fingerprint = now.Fingerprint;
        return await known.GetTokenAsync(context, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        certificate?.Dispose();
        base.Dispose(disposing);
    }

    private TokenCredential Make(AzureProof of)
    {
        if (!of.HasTenant) throw new ProviderException(ProviderFailureKind.Invalid, "the Azure tenant is neither an id nor a domain");
        if (of.Assertion is not null) return new ClientAssertionCredential(of.Tenant, of.Client, _ => Task.FromResult(assertion!), Options(new ClientAssertionCredentialOptions { DisableInstanceDiscovery = true }));
        if (of.Password is not null) return new ClientSecretCredential(of.Tenant, of.Client, of.Password, Options(new ClientSecretCredentialOptions { DisableInstanceDiscovery = true }));
        var loaded = of.LoadCertificate();
        certificate?.Dispose();
        certificate = loaded;
        return new ClientCertificateCredential(of.Tenant, of.Client, certificate, Options(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = true }));
    }

    private T Options<T>(T options) where T : TokenCredentialOptions
    {
        options.AuthorityHost = new Uri(authority.GetLeftPart(UriPartial.Authority));
        return AzureLibraries.Quiet(options, Http);
    }
}
