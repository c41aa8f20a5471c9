using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared.Signing;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared.Identity;

/// <summary>
/// A compute instance of Oracle Cloud: its metadata server gives it a certificate and a key, which are exchanged for a token that certifies a session's key
/// (https://docs.oracle.com/iaas/Content/Identity/Tasks/callingservicesfrominstances.htm, and the vendor's open SDKs).
/// </summary>
internal sealed class OracleInstance : IMachineIdentity
{
    private const string Usual = "http://169.254.169.254/opc/v2/";
    private const string Exchange = "GetInstanceToken";

    /// <summary>Without the host, as Oracle's login wants it.</summary>
    private static readonly OracleSignature Signature = new(signsHost: false);

    public IReadOnlyList<string> Parameters => [];

    public IReadOnlyList<string> Gives => OracleSession.Gives;

    public async Task<DateTimeOffset> AskAsync(MachineSurroundings machine, IReadOnlyDictionary<string, string> with, Variables to, CancellationToken cancellationToken)
    {
        var about = machine.Parsed(await MetadataAsync(machine, "instance/regionInfo", cancellationToken).ConfigureAwait(false), "GetInstanceMetadata");
        var region = JsonMembers.Text(about, "regionIdentifier") ?? throw machine.Lacks("GetInstanceMetadata", "regionIdentifier");
        var realm = JsonMembers.Text(about, "realmDomainComponent") ?? throw machine.Lacks("GetInstanceMetadata", "realmDomainComponent");
        using var certificate = Certificate(machine, await MetadataAsync(machine, "identity/cert.pem", cancellationToken).ConfigureAwait(false));
        using var intermediate = Certificate(machine, await MetadataAsync(machine, "identity/intermediate.pem", cancellationToken).ConfigureAwait(false));
        var key = await MetadataAsync(machine, "identity/key.pem", cancellationToken).ConfigureAwait(false);
        using var session = new OracleSession();
        var body = new JsonObject
        {
            ["certificate"] = Convert.ToBase64String(certificate.RawData),
            ["publicKey"] = session.PublicKey,
            ["intermediateCertificates"] = new JsonArray(Convert.ToBase64String(intermediate.RawData)),
            ["fingerprintAlgorithm"] = "SHA256",
        };
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        var server = machine.Address("OCI_SDK_AUTH_CLIENT_REGION_URL", $"https://auth.{region}.{realm}");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/v1/x509")) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        Signature.Sign(request, bytes, new Dictionary<string, string>(StringComparer.Ordinal) { ["keyId"] = $"{TenancyOf(machine, certificate)}/fed-x509-sha256/{FingerprintOf(certificate)}", ["key"] = key }, machine.Time.GetUtcNow());
        var answer = await machine.JsonAsync(request, Exchange, new HttpSettings(), cancellationToken).ConfigureAwait(false);
        return session.GiveTo(to, JsonMembers.Text(answer, "token") ?? throw machine.Lacks(Exchange, "token"), machine.Time.GetUtcNow());
    }

    private static Task<string> MetadataAsync(MachineSurroundings machine, string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(machine.Address("OCI_METADATA_BASE_URL", Usual).ToString().TrimEnd('/') + "/" + path));
        // Shows that nobody was tricked into asking.
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer Oracle");
        return machine.SendAsync(request, "GetInstanceMetadata", new HttpSettings { IsLocal = true }, cancellationToken);
    }

    private static X509Certificate2 Certificate(MachineSurroundings machine, string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw machine.Lacks("GetInstanceMetadata", "certificate");
        }
    }

    /// <summary>Stands among the parts of the subject, behind a word of its own.</summary>
    private static string TenancyOf(MachineSurroundings machine, X509Certificate2 certificate)
    {
        var parts = certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(part => !part.HasMultipleElements).Select(part => part.GetSingleElementValue() ?? "").ToList();
        foreach (var prefix in (string[])["opc-tenant:", "opc-identity:"])
        {
            if (parts.Find(part => part.StartsWith(prefix, StringComparison.Ordinal)) is { } found) return found[prefix.Length..];
        }

        throw machine.Lacks("GetInstanceMetadata", "tenancy in its certificate");
    }

    private static string FingerprintOf(X509Certificate2 certificate) => string.Join(':', SHA256.HashData(certificate.RawData).Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
