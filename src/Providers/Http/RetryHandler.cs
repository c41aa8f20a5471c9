using System.Net;
using Polly;

namespace GitOpsSecrets.Providers.Http;

/// <summary>Repeats calls that may be repeated: those whose method says so, and those that are marked.</summary>
internal sealed class RetryHandler(ResiliencePipeline<HttpResponseMessage> pipeline, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>What was answered to a request that was repeated and then broke off.</summary>
    public static readonly HttpRequestOptionsKey<HttpStatusCode> Answered = new("answered");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!MayRepeat(request)) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(RetryPipeline.Started, time.GetTimestamp());
            return await pipeline.ExecuteAsync(
                static async (context, call) => await call.Handler.SendOnceAsync(call.Request, context.CancellationToken).ConfigureAwait(false),
                context,
                (Handler: this, Request: request)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (context.Properties.TryGetValue(RetryPipeline.Answered, out var status)) request.Options.Set(Answered, status);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);

    private static bool MayRepeat(HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(ProviderRequest.MayRepeat, out var marked)) return marked;
        return request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Put
            || request.Method == HttpMethod.Delete || request.Method == HttpMethod.Options;
    }
}
