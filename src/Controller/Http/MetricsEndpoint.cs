using Prometheus;

namespace GitOpsSecrets.Controller.Http;

/// <summary><c>/metrics</c>, on a port of its own: the instruments, then one line a SealedSecret computed from the cache.</summary>
internal sealed class MetricsEndpoint(Metrics metrics, Action refresh, Func<Stream, CancellationToken, Task> writeConditions)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/metrics", [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        var code = "500";
        using var inFlight = metrics.ScrapesInFlight.TrackInProgress();
        try
        {
            context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
            refresh();
            await metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            await writeConditions(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            code = "200";
        }
        finally
        {
            metrics.Scrapes.WithLabels(code).Inc();
        }
    }
}
