using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

internal static class JsonResponses
{
    public static Task WriteAsync(HttpContext context, int code, JsonNode body, CancellationToken cancellationToken) =>
        WriteAsync(context, code, JsonText.ToUtf8(body), "application/json", cancellationToken);

    public static Task WriteAsync(HttpContext context, int code, JsonNode body, OutputForm form, CancellationToken cancellationToken) => form.IsYaml
        ? WriteAsync(context, code, Encoding.UTF8.GetBytes(YamlWriter.Write(body)), "application/yaml", cancellationToken)
        : WriteAsync(context, code, body, cancellationToken);

    public static async Task WriteAsync(HttpContext context, int code, ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-cache, private";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await context.Response.Body.WriteAsync(body, cancellationToken);
    }

    public static Task WriteErrorAsync(HttpContext context, ApiException error, CancellationToken cancellationToken)
    {
        if (error.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(context, error.Code, error.ToStatus(), cancellationToken);
    }

    public static Task WriteTextAsync(HttpContext context, int code, string text, CancellationToken cancellationToken) =>
        WriteAsync(context, code, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", cancellationToken);
}
