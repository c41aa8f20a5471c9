using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Util;
using Amazon.Util.Internal;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>
/// A service of AWS that speaks JSON (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html), on the pipeline of the SDK and failing as its clients do. The one file to replace by the packages
/// that cannot be restored (docs/design/0023-aws.md). Requests and answers are bytes, which are zeroed.
/// </summary>
internal sealed class AwsJsonClient(AWSCredentials credentials, AwsJsonClient.Settings settings) : AmazonServiceClient(credentials, settings)
{
    /// <returns>The answer; the caller's to dispose. Null when it is none of AWS's.</returns>
    public async Task<AwsAnswer?> SendAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var options = new InvokeOptions { RequestMarshaller = new Marshalling(((Settings)Config).Service), ResponseUnmarshaller = new Unmarshalling() };
        var answer = await InvokeAsync<Answer>(new Request(call), options, cancellationToken).ConfigureAwait(false);
        return AwsAnswer.Of(answer.Body.Length == 0 && call.AnswersNothing ? "{}"u8.ToArray() : answer.Body);
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.AddHandlerAfter<RetryHandler>(new Signing());
        AwsPipeline.Adapt(pipeline, Config);
    }

    /// <summary>Of one service.</summary>
    public sealed class Settings : ClientConfig
    {
        public Settings(AwsService service)
            : base(new DefaultConfigurationProvider([new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard }]))
        {
            Service = service;
            AuthenticationServiceName = service.SigningName;
        }

        public AwsService Service { get; }

        public override string ServiceVersion => "";

        public override string RegionEndpointServiceName => Service.Host;

        public override string UserAgent => InternalSDKUtils.BuildUserAgentString(Service.SigningName, "");

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(ServiceURL);
    }

    private sealed class Request(AwsCall call) : AmazonWebServiceRequest
    {
        public AwsCall Call => call;
    }

    private sealed class Answer : AmazonWebServiceResponse
    {
        public byte[] Body { get; init; } = [];
    }

    private sealed class Marshalling(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var call = ((Request)input).Call;
            var request = new DefaultRequest(input, service.Label) { HttpMethod = "POST", ResourcePath = "/", Content = call.Body };
            request.Headers[HeaderKeys.ContentTypeHeader] = "application/x-amz-json-1.1";
            request.Headers["X-Amz-Target"] = $"{service.TargetPrefix}.{call.Operation}";
            return request;
        }
    }

    private sealed class Unmarshalling : JsonResponseUnmarshaller
    {
        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) => new Answer { Body = AwsPipeline.Take(input.Stream) };

        // Refusals do not come this far.
        public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode) => new("", innerException, statusCode);
    }

    private sealed class Signing : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}
