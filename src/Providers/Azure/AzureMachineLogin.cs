using System.Net;
using System.Text;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// The identity that Azure gave to what the controller runs on. One of three servers hands out its tokens:
/// <code>
/// IDENTITY_ENDPOINT and IDENTITY_HEADER   App Service, Container Apps: the header proves who asks
/// IDENTITY_ENDPOINT and IMDS_ENDPOINT     Azure Arc: the content of a file, named by a first answer, proves it
/// neither                                 the metadata server of virtual machines and AKS (IMDS)
/// </code>
/// The addresses are the operator's or fixed; a store cannot name another.
/// </summary>
/// <param name="identity">The client id or resource id of a user-assigned identity; null for the machine's own.</param>
internal sealed class AzureMachineLogin(HttpClient http, CallMeter meter, TimeProvider time, AzureSurroundings surroundings, string? identity) : IAzureLogin
{
    private const string MetadataServer = "http://169.254.169.254";
    private const int LargestProof = 4096;

    public Task<AzureToken> LogInAsync(string resource, string? claims, CancellationToken cancellationToken) => meter.MeasureAsync("Login", async () =>
    {
        var (endpoint, header) = (surroundings.Value(AzureSurroundings.IdentityEndpoint), surroundings.Value(AzureSurroundings.IdentityHeader));
        if (endpoint is not null && header is not null) return await AskAsync(Address(endpoint, "2019-08-01", resource), cancellationToken, ("X-IDENTITY-HEADER", header)).ConfigureAwait(false);
        if (endpoint is not null && surroundings.Value(AzureSurroundings.ArcEndpoint) is not null) return await AskArcAsync(Address(endpoint, "2019-11-01", resource), cancellationToken).ConfigureAwait(false);
        var server = (surroundings.Value(AzureSurroundings.MetadataHost) ?? MetadataServer).TrimEnd('/');
        return await AskAsync(Address(server + "/metadata/identity/oauth2/token", "2018-02-01", resource), cancellationToken, ("Metadata", "true")).ConfigureAwait(false);
    });

    public void Dispose() => http.Dispose();

    private Uri Address(string endpoint, string version, string resource)
    {
        var query = $"?api-version={version}&resource={Uri.EscapeDataString(resource)}";
        if (!string.IsNullOrEmpty(identity)) query += $"&{(identity.Contains('/', StringComparison.Ordinal) ? "msi_res_id" : "client_id")}={Uri.EscapeDataString(identity)}";
        return Uri.TryCreate(endpoint + query, UriKind.Absolute, out var address) ? address : throw new ProviderException(ProviderFailureKind.Invalid, $"the controller's environment variable {AzureSurroundings.IdentityEndpoint} is no address");
    }

    private async Task<AzureToken> AskAsync(Uri address, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(address, headers, cancellationToken).ConfigureAwait(false);
        return Read(answer, address);
    }

    // https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
    private async Task<AzureToken> AskArcAsync(Uri address, CancellationToken cancellationToken)
    {
        using var first = await SendAsync(address, [("Metadata", "true")], cancellationToken).ConfigureAwait(false);
        if (first.StatusCode != HttpStatusCode.Unauthorized) return Read(first, address);
        var realm = first.Headers.WwwAuthenticate.FirstOrDefault(challenge => challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))?.Parameter;
        var file = realm?.Split('=', 2) is [_, { } named] ? named.Trim('"', ' ') : "";
        var proof = await ProofAsync(file, cancellationToken).ConfigureAwait(false);
        return await AskAsync(address, cancellationToken, ("Metadata", "true"), ("Authorization", "Basic " + proof)).ConfigureAwait(false);
    }

    // Whoever answers names a file; only one that the agent itself has put where only privileged users read may be sent back.
    private async Task<string> ProofAsync(string file, CancellationToken cancellationToken)
    {
        var isAgents = Path.GetDirectoryName(Path.GetFullPath(file.Length == 0 ? "/" : file)) == surroundings.ArcFolder && Path.GetExtension(file) == ".key";
        if (!isAgents) throw new ProviderException(ProviderFailureKind.Invalid, $"the agent of Azure Arc names a file that is none of its own in {surroundings.ArcFolder}");
        try
        {
            if (new FileInfo(file).Length > LargestProof) throw new ProviderException(ProviderFailureKind.Invalid, "the file that the agent of Azure Arc names is too large");
            return await File.ReadAllTextAsync(file, Encoding.UTF8, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Denied, "the file that the agent of Azure Arc names cannot be read: does the controller run as a member of himds?");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private AzureToken Read(HttpResponseMessage answer, Uri address)
    {
        if (answer.IsSuccessStatusCode) return AzureLoginAnswer.Token(answer, address.Authority, time.GetUtcNow());
        var whose = string.IsNullOrEmpty(identity) ? "the machine's identity" : $"identity {identity}";
        throw AzureLoginAnswer.Failure(answer, $"{address.Authority}, asked for a token of {whose},", time, text => text);
    }
}
