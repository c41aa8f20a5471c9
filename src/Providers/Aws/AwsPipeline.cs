using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>What is ours in the pipeline of each client of the SDK (docs/design/0023-aws.md): the clock, and how refusals are read.</summary>
internal static class AwsPipeline
{
    public static void Adapt(RuntimePipeline pipeline, IClientConfig settings)
    {
        pipeline.AddHandlerBefore<Signer>(new Clock(((AwsTransport)settings.HttpClientFactory).Clock));
        pipeline.AddHandlerAfter<Unmarshaller>(new Refusals());
        // They would tell others on this machine of each call, where the process's environment or a profile wishes it.
        if (pipeline.Handlers.OfType<CSMCallEventHandler>().Any()) pipeline.RemoveHandler<CSMCallEventHandler>();
        if (pipeline.Handlers.OfType<CSMCallAttemptHandler>().Any()) pipeline.RemoveHandler<CSMCallAttemptHandler>();
    }

    /// <summary>The body of an answer, which our HTTP has read whole; the caller's to zero.</summary>
    public static byte[] Take(Stream answer)
    {
        using var body = new SecretBuffer();
        while (answer.Read(body.GetSpan(4096)) is > 0 and var read) body.Advance(read);
        return body.ToArray();
    }

    /// <summary>Signs by our clock, and once more when AWS says that it goes wrong.</summary>
    private sealed class Clock(AwsClock clock) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var request = executionContext.RequestContext;
            if (request.Signer is AWS4Signer) request.Signer = new AwsSigner(clock);
            try
            {
                return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
            }
            catch (AwsRefusedException refused) when (AwsErrors.MayBeAboutTheClock(refused.ErrorCode) && clock.Correct(refused.Date))
            {
                request.IsSigned = false;
            }
            return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
        }
    }

    private sealed class Refusals : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            try
            {
                return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
            }
            catch (HttpErrorResponseException refused)
            {
                throw new AwsRefusedException(await ReadAsync(refused.Response).ConfigureAwait(false), refused);
            }
        }

        private static async Task<AwsError?> ReadAsync(IWebResponseData answer)
        {
            using var content = answer.ResponseBody;
            var body = Take(await content.OpenResponseAsync().ConfigureAwait(false));
            try
            {
                return AwsError.Read(body);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(body);
            }
        }
    }
}
