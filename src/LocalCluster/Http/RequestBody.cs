using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Reads bodies: JSON, or YAML where the client says so.</summary>
internal static class RequestBody
{
    /// <summary>As the real server: 3 MiB.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 256 };

    public static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim();
    }

    /// <exception cref="ApiException">400 unreadable, 413 too large, 415 another media type.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext context, string kind, CancellationToken cancellationToken)
    {
        var media = MediaType(context.Request);
        if (media is not ("" or "application/json" or "application/yaml" or "application/x-www-form-urlencoded")) throw ApiErrors.UnsupportedMediaType();
        var text = await ReadTextAsync(context, cancellationToken);
        var node = media == "application/yaml" ? ParseYaml(text) : ParseJson(text, kind);
        return node as JsonObject ?? throw Unrecognized(kind, "it is not an object");
    }

    /// <summary>A body that may be missing.</summary>
    public static async Task<JsonObject> ReadOptionalAsync(HttpContext context, string kind, CancellationToken cancellationToken)
    {
        var text = await ReadTextAsync(context, cancellationToken);
        return text.Trim().Length == 0 ? [] : ParseJson(text, kind) as JsonObject ?? [];
    }

    public static async Task<string> ReadTextAsync(HttpContext context, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await ReadBytesAsync(context, cancellationToken));

    public static async Task<byte[]> ReadBytesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int count;
        while ((count = await context.Request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + count > MaxBytes) throw ApiErrors.RequestTooLarge(MaxBytes);
            buffer.Write(chunk, 0, count);
        }

        return buffer.ToArray();
    }

    public static JsonNode? ParseJson(string text, string kind)
    {
        try
        {
            return JsonNode.Parse(text, null, Strict);
        }
        catch (JsonException e)
        {
            throw Unrecognized(kind, $"json parse error at line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }
    }

    public static JsonNode? ParseYaml(string text)
    {
        try
        {
            return YamlReader.Read(text);
        }
        catch (YamlFormatException e)
        {
            throw ApiErrors.BadRequest("error decoding YAML: " + e.Message);
        }
    }

    private static ApiException Unrecognized(string kind, string problem) =>
        ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; {problem}");
}
