using System.Collections.Concurrent;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary><c>…/services/[SCHEME:]NAME[:PORT]/proxy/PATH</c>: forwarded to the loopback address registered for the service.</summary>
internal sealed class ServiceProxyEndpoint : IDisposable
{
    private static readonly string[] Hop = ["Host", "Authorization", "Connection", "Transfer-Encoding", "Upgrade", "Content-Length", "Content-Type", "Accept-Encoding"];
    private readonly ConcurrentDictionary<(string Namespace, string Service), Uri> backends = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public void Map(string ns, string service, Uri backend) => backends[(ns, service)] = backend;

    public async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var parts = request.Name.Split(':');
        var service = parts.Length > 1 ? parts[1] : parts[0];
        if (!backends.TryGetValue((request.Namespace, service), out var backend))
        {
            throw new ApiException(503, "ServiceUnavailable", $"no endpoints available for service \"{request.Name}\"");
        }

        using var forwarded = Forward(context, new Uri(backend, "/" + request.Rest + context.Request.QueryString));
        try
        {
            using var answer = await client.SendAsync(forwarded, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await CopyAsync(context, answer, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new ApiException(503, "ServiceUnavailable", $"error trying to reach service: {e.Message}");
        }
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Forward(HttpContext context, Uri target)
    {
        var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            message.Content = new StreamContent(context.Request.Body);
            if (context.Request.ContentType is { } type) message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (!Hop.Contains(name, StringComparer.OrdinalIgnoreCase)) message.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
        }

        message.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        return message;
    }

    private static async Task CopyAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!Hop.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
        }

        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
    }
}
