using Amazon.Runtime;
using Amazon.Runtime.Identity;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>The SDK's signature by our clock: the SDK's own is of the whole process, and is set by whatever an answer says.</summary>
internal sealed class AwsSigner(AwsClock clock) : AWS4Signer
{
    public override void Sign(IRequest request, IClientConfig clientConfig, RequestMetrics metrics, BaseIdentity identity)
    {
        var keys = ((AWSCredentials)identity).GetCredentials();
        request.AWS4SignerResult = SignRequest(request, clientConfig, metrics, keys.AccessKey, keys.SecretKey, clock.Now.UtcDateTime);
        request.Headers["Authorization"] = request.AWS4SignerResult.ForAuthorizationHeader;
    }
}
