namespace GitOpsSecrets.Controller.Http;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: there is a certificate to hand out and every cache is filled.</summary>
internal sealed class HealthEndpoint(Func<bool> isReady)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/healthz", methods, context => Answer.TextAsync(context, StatusCodes.Status200OK, "ok", context.RequestAborted));
        routes.MapMethods("/readyz", methods, context => isReady()
            ? Answer.TextAsync(context, StatusCodes.Status200OK, "ok", context.RequestAborted)
            : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready", context.RequestAborted));
    }
}
