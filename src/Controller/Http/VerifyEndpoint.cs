using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Http;

/// <summary><c>/v1/verify</c>: 200 if the SealedSecret opens here, 409 if not. Nothing of what was opened leaves the method.</summary>
internal sealed class VerifyEndpoint(SealingKeyStore keys, UnsealOptions unsealing, SealedSecretBody body, RateGate gate, OpeningTurns turns)
{
    public const string Path = "/v1/verify";

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, [HttpMethods.Post], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        if (!await gate.PassAsync(context, cancellationToken).ConfigureAwait(false)) return;
        if (await body.ReadAsync(context, cancellationToken).ConfigureAwait(false) is not { } sealedSecret) return;
        using var turn = await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
        using var result = Unsealer.Unseal(sealedSecret, keys.Ring, unsealing);
        if (result.Succeeded) context.Response.StatusCode = StatusCodes.Status200OK;
        else await Answer.TextAsync(context, StatusCodes.Status409Conflict, result.Failure.Message, cancellationToken).ConfigureAwait(false);
    }
}
