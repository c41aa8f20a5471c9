using System.Net;
using System.Security.Authentication;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Fetches a certificate from a URL; <c>HTTP_PROXY</c> and its like are honoured.</summary>
internal static class CertificateDownload
{
    private const int MaxBytes = 1 << 20;
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>As long as <c>--request-timeout</c> says; half a minute without it.</summary>
    /// <exception cref="CommandException">As <see cref="GetAsync(string, TimeSpan, CancellationToken)"/>.</exception>
    public static Task<byte[]> GetAsync(string address, ParsedFlags flags, CancellationToken cancellationToken) =>
        GetAsync(address, GoDuration.TryParse(flags.Text(ClusterFlags.RequestTimeout), out var given) && given > TimeSpan.Zero ? ClusterSettings.Timeout(given) : DefaultPatience, cancellationToken);

    /// <exception cref="CommandException">As <see cref="GetAsync(string, TimeSpan, CancellationToken)"/>.</exception>
    public static Task<byte[]> GetAsync(string address, CancellationToken cancellationToken) => GetAsync(address, DefaultPatience, cancellationToken);

    /// <exception cref="CommandException">Not an http(s) URL, no answer, or any answer but 200.</exception>
    private static async Task<byte[]> GetAsync(string address, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)) throw new CommandException($"Get \"{address}\": this is no URL");
        if (url.Scheme is not ("http" or "https")) throw new CommandException($"Get \"{address}\": unsupported protocol scheme \"{url.Scheme}\"");
        using var http = new HttpClient { Timeout = patience, MaxResponseContentBufferSize = MaxBytes };
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new CommandException($"cannot fetch \"{address}\": {(int)response.StatusCode} {response.ReasonPhrase}");
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"Get \"{address}\"{EnvironmentProxy.Through(url)}: {Describe(failure)}", failure);
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"Get \"{address}\": no answer within {patience.TotalSeconds:0.###} s (--request-timeout)", failure);
        }
    }

    private static string Describe(HttpRequestException failure) => failure switch
    {
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => $"the answer is larger than {MaxBytes >> 20} MiB, and so no certificate",
        { InnerException: AuthenticationException refused } => $"{refused.Message}; $SSL_CERT_FILE names authorities to trust, or have the certificate in a file: --cert FILE",
        _ => failure.InnerException?.Message ?? failure.Message,
    };
}
