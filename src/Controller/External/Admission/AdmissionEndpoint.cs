using System.Text.Json;

namespace GitOpsSecrets.Controller.External.Admission;

/// <summary>POST of an AdmissionReview to the path of a kind; the answer is one too.</summary>
internal sealed class AdmissionEndpoint(AdmissionJudge judge)
{
    /// <summary>Bytes. A request holds the object as it was and as it shall be; etcd takes none above 1.5 MiB.</summary>
    public const int MaxSize = 7 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(judge.Path, ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        if (await ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false) is not { ApiVersion: AdmissionReview.Version, Request: { } request })
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        context.Response.ContentType = "application/json";
        var answer = new AdmissionReview { Response = judge.Answer(request) };
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, AdmissionJson.Default.AdmissionReview, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<AdmissionReview?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(body, AdmissionJson.Default.AdmissionReview, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
