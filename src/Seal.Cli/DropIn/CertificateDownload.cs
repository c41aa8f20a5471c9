using System.Net;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Fetches a certificate from a URL; <c>HTTP_PROXY</c> and its like are honoured.</summary>
internal static class CertificateDownload
{
    private const int MaxBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="CommandException">Not an http(s) URL, no answer, or any answer but 200.</exception>
    public static async Task<byte[]> GetAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)) throw new CommandException($"Get \"{address}\": this is no URL");
        if (url.Scheme is not ("http" or "https")) throw new CommandException($"Get \"{address}\": unsupported protocol scheme \"{url.Scheme}\"");
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new CommandException($"cannot fetch \"{address}\": {(int)response.StatusCode} {response.ReasonPhrase}");
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"Get \"{address}\": {failure.InnerException?.Message ?? failure.Message}", failure);
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"Get \"{address}\": no answer within {Patience.TotalSeconds:0} s", failure);
        }
    }
}
