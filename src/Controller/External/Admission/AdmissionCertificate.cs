using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>
/// A certificate of our own making, as it lies in a Secret: with the authority that signed it. The authority's key signs once and is forgotten.
/// </summary>
/// <param name="Authorities">PEM: what signed it, and after that what signed the one before, as long as a replica may still show that.</param>
internal sealed record AdmissionCertificate(string Authorities, string Certificate, string Key)
{
    public const string AuthoritiesItem = "ca.crt";
    public const string CertificateItem = "tls.crt";
    public const string KeyItem = "tls.key";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>How long before its end it is replaced, as in the original.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(90);

    private const string End = "-----END CERTIFICATE-----";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static AdmissionCertificate Make(IReadOnlyList<string> names, DateTimeOffset now, AdmissionCertificate? former)
    {
        // A clock of another machine may be behind ours.
        var (from, to) = (now - TimeSpan.FromHours(1), now + Lifetime);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=gitopssecrets-admission", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            // An address among the DNS names is not looked at as one.
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16));

        // Only the newest of the former ones: whoever shows an older one has missed months.
        var before = former is null ? "" : former.Authorities[..(former.Authorities.IndexOf(End, StringComparison.Ordinal) + End.Length)] + "\n";
        return new(authority.ExportCertificatePem() + "\n" + before, certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>What a Secret holds; null when that is no certificate for these names, or one that should be replaced by now.</summary>
    public static AdmissionCertificate? Read(Secret secret, out AdmissionCertificate? former, IReadOnlyList<string> names, DateTimeOffset now)
    {
        former = null;
        if (Item(secret, AuthoritiesItem) is not { } authorities || Item(secret, CertificateItem) is not { } certificate || Item(secret, KeyItem) is not { } key) return null;
        try
        {
            using var read = CertificatePair.FromPem(certificate, key);
            if (!authorities.Contains(End, StringComparison.Ordinal)) return null;
            former = new AdmissionCertificate(authorities, certificate, key);
            var isTimely = now >= read.NotBefore && now < read.NotAfter - RenewBefore;
            return isTimely && names.All(name => read.MatchesHostname(name, allowWildcards: false, allowCommonName: false)) ? former : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public SortedDictionary<string, byte[]?> ToData() => new(StringComparer.Ordinal)
    {
        [AuthoritiesItem] = Encoding.ASCII.GetBytes(Authorities),
        [CertificateItem] = Encoding.ASCII.GetBytes(Certificate),
        [KeyItem] = Encoding.ASCII.GetBytes(Key),
    };

    /// <summary>Mute, since it holds a key.</summary>
    public override string ToString() => nameof(AdmissionCertificate);

    private static string? Item(Secret secret, string name) => secret.Data?.GetValueOrDefault(name) is { Length: > 0 } bytes ? Encoding.ASCII.GetString(bytes) : null;
}
