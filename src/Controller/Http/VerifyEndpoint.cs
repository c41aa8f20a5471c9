using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Http;

/// <summary><c>/v1/verify</c>: 200 if the SealedSecret opens here, 409 if not. Nothing of what was opened leaves the method.</summary>
internal sealed class VerifyEndpoint(SealingKeyStore keys, UnsealOptions unsealing, OpeningDoor door)
{
    public const string Path = "/v1/verify";

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, [HttpMethods.Post], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        using var request = await door.EnterAsync(context, cancellationToken).ConfigureAwait(false);
        if (request is null) return;
        using var result = Unsealer.Unseal(request.SealedSecret, keys.Ring, unsealing with { CancellationToken = cancellationToken });
        door.Charge(context, request, result.PrivateOperations);
        if (result.Succeeded) context.Response.StatusCode = StatusCodes.Status200OK;
        else if (result.Failure.Kind == UnsealFailureKind.TooCostly) await OpeningDoor.RefuseAsync(context, result.Failure.Message, cancellationToken).ConfigureAwait(false);
        else await Answer.TextAsync(context, StatusCodes.Status409Conflict, result.Failure.Message, cancellationToken).ConfigureAwait(false);
    }
}
