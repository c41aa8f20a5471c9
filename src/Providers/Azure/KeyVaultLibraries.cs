using System.Text;
using global::Azure.Core;
using global::Azure.Security.KeyVault.Certificates;
using global::Azure.Security.KeyVault.Secrets;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>The vendor's client of each kind of object, for one vault. Each keeps the token that it got, so that only others get another before that one ends.</summary>
internal sealed class KeyVaultLibraries
{
    /// <param name="resource">What tokens are for, where the store says it: a vault at that very address is one, which the libraries would not say.</param>
    public KeyVaultLibraries(HttpClient http, Uri vault, TokenCredential credential, string? resource)
    {
        // Either way the credential has the last word on what a challenge asks for.
        var isResource = Uri.TryCreate(resource, UriKind.Absolute, out var domain) && domain.Host.Equals(vault.Host, StringComparison.OrdinalIgnoreCase);
        Secrets = new(vault, credential, Quiet(new SecretClientOptions(SecretClientOptions.ServiceVersion.V7_4) { DisableChallengeResourceVerification = isResource }));
        Certificates = new(vault, credential, Quiet(new CertificateClientOptions(CertificateClientOptions.ServiceVersion.V7_4) { DisableChallengeResourceVerification = isResource }));
        Keys = new(vault, credential, Quiet(new KeyVaultKeys.Options()));

        T Quiet<T>(T options) where T : ClientOptions
        {
            options.AddPolicy(new KeyVaultChallenges(vault), HttpPipelinePosition.PerCall);
            return AzureLibraries.Quiet(options, http);
        }
    }

    public SecretClient Secrets { get; }

    public CertificateClient Certificates { get; }

    public KeyVaultKeys Keys { get; }

    /// <param name="version">Null or empty for the newest.</param>
    public async Task<KeyVaultItem> ReadAsync(KeyVaultName name, string? version, CancellationToken cancellationToken)
    {
        if (name.Kind == KeyVaultKind.Key) return await Keys.ReadAsync(name.Path(version), cancellationToken).ConfigureAwait(false);
        if (name.Kind == KeyVaultKind.Certificate)
        {
            KeyVaultCertificate certificate = string.IsNullOrEmpty(version)
                ? (await Certificates.GetCertificateAsync(name.Name, cancellationToken).ConfigureAwait(false)).Value
                : (await Certificates.GetCertificateVersionAsync(name.Name, version, cancellationToken).ConfigureAwait(false)).Value;
            return new(KeyVaultFacts.Of(certificate.Properties), certificate.Cer ?? throw KeyVaultClient.NoVault());
        }
        var response = await Secrets.GetSecretAsync(name.Name, version, cancellationToken: cancellationToken).ConfigureAwait(false);
        // The body is zeroed with the answer; nobody can zero the library's string.
        using var body = response.GetRawResponse();
        return new(KeyVaultFacts.Of(response.Value.Properties), Encoding.UTF8.GetBytes(response.Value.Value ?? throw KeyVaultClient.NoVault()));
    }

    public async Task<object> DeleteAsync(KeyVaultName name, CancellationToken cancellationToken) => name.Kind switch
    {
        KeyVaultKind.Key => await Keys.SendAsync(RequestMethod.Delete, name.Path(), null, cancellationToken).ConfigureAwait(false),
        KeyVaultKind.Certificate => await Certificates.StartDeleteCertificateAsync(name.Name, cancellationToken).ConfigureAwait(false),
        _ => await Secrets.StartDeleteSecretAsync(name.Name, cancellationToken).ConfigureAwait(false),
    };

    public async Task<KeyVaultFacts> ReadDeletedAsync(KeyVaultName name, CancellationToken cancellationToken) => name.Kind switch
    {
        KeyVaultKind.Key => await Keys.ReadDeletedAsync(name.Path(), cancellationToken).ConfigureAwait(false),
        KeyVaultKind.Certificate => KeyVaultFacts.Of((await Certificates.GetDeletedCertificateAsync(name.Name, cancellationToken).ConfigureAwait(false)).Value.Properties),
        _ => KeyVaultFacts.Of((await Secrets.GetDeletedSecretAsync(name.Name, cancellationToken).ConfigureAwait(false)).Value.Properties),
    };

    public async Task<object> RecoverAsync(KeyVaultName name, CancellationToken cancellationToken) => name.Kind switch
    {
        KeyVaultKind.Key => await Keys.SendAsync(RequestMethod.Post, $"deleted{name.Path()}/recover", null, cancellationToken).ConfigureAwait(false),
        KeyVaultKind.Certificate => await Certificates.StartRecoverDeletedCertificateAsync(name.Name, cancellationToken).ConfigureAwait(false),
        _ => await Secrets.StartRecoverDeletedSecretAsync(name.Name, cancellationToken).ConfigureAwait(false),
    };
}
