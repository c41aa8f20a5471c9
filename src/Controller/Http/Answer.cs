namespace GitOpsSecrets.Controller.Http;

/// <summary>Short answers in plain text. They reach any authenticated user: names and reasons, nothing that was opened.</summary>
internal static class Answer
{
    public static async Task TextAsync(HttpContext context, int status, string text, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(text + "\n", cancellationToken).ConfigureAwait(false);
    }
}
