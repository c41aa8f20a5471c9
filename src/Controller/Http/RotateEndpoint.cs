using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Http;

/// <summary>
/// <c>/v1/rotate</c>: the same SealedSecret, its items sealed with the newest key. Each item goes from one label to the
/// same label, that of the object's own metadata, so no caller can widen the scope (CVE-2026-22728), and labels,
/// annotations and templates come back as they were (the original drops them).
/// </summary>
internal sealed class RotateEndpoint(SealingKeyStore keys, UnsealOptions unsealing, OpeningDoor door)
{
    public const string Path = "/v1/rotate";

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, [HttpMethods.Post], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        using var request = await door.EnterAsync(context, cancellationToken).ConfigureAwait(false);
        if (request is null) return;
        var ring = keys.Ring;
        if (ring.Current?.Certificate is not { } certificate)
        {
            await Answer.TextAsync(context, StatusCodes.Status500InternalServerError, "cannot get certificate", cancellationToken).ConfigureAwait(false);
            return;
        }
        var hinted = request.SealedSecret.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is not null;
        var result = Resealer.Reseal(request.SealedSecret, ring, certificate, hinted, unsealing with { CancellationToken = cancellationToken });
        door.Charge(context, request, result.PrivateOperations);
        if (result.Failure is { Kind: UnsealFailureKind.TooCostly } costly)
        {
            await OpeningDoor.RefuseAsync(context, costly.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (result.Failure is { } failure)
        {
            // 500 and not 409: kubeseal shows the text of a 500 and hides that of a 409.
            await Answer.TextAsync(context, StatusCodes.Status500InternalServerError, failure.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, result.SealedSecret, ApiJson.Compact.SealedSecret, cancellationToken).ConfigureAwait(false);
    }
}
