using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>The Security Token Service (https://docs.aws.amazon.com/STS/latest/APIReference/) by the SDK: temporary credentials for others.</summary>
internal sealed class AwsSecurityTokens(AmazonSecurityTokenServiceConfig settings, AwsFailures failures, CallMeter meter)
{
    /// <summary>A role, assumed with the token of an identity provider: not signed.</summary>
    /// <exception cref="ProviderException">It may not be assumed, or STS cannot be reached.</exception>
    public Task<AwsCredentials> AssumeWithTokenAsync(string role, string sessionName, string token, CancellationToken cancellationToken)
    {
        var request = new AssumeRoleWithWebIdentityRequest { RoleArn = role, RoleSessionName = sessionName, WebIdentityToken = token };
        return AskAsync("AssumeRoleWithWebIdentity", new AnonymousAWSCredentials(), async (sts, stop) => (await sts.AssumeRoleWithWebIdentityAsync(request, stop).ConfigureAwait(false)).Credentials, cancellationToken);
    }

    /// <summary>A role, assumed as somebody.</summary>
    /// <exception cref="ProviderException">It may not be assumed, or STS cannot be reached.</exception>
    public Task<AwsCredentials> AssumeAsync(AwsRole role, AwsCredentials caller, CancellationToken cancellationToken)
    {
        var request = new AssumeRoleRequest { RoleArn = role.Arn, RoleSessionName = AwsRole.SessionName };
        if (!string.IsNullOrEmpty(role.ExternalId)) request.ExternalId = role.ExternalId;
        if (role.Tags.Count > 0) request.Tags = [.. role.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
        if (role.TransitiveTagKeys.Count > 0) request.TransitiveTagKeys = [.. role.TransitiveTagKeys];
        return AskAsync("AssumeRole", caller.ForSdk(), async (sts, stop) => (await sts.AssumeRoleAsync(request, stop).ConfigureAwait(false)).Credentials, cancellationToken);
    }

    /// <summary>Temporary credentials of the caller's own.</summary>
    /// <exception cref="ProviderException">None may be had, or STS cannot be reached.</exception>
    public Task<AwsCredentials> SessionAsync(GetSessionTokenRequest request, AwsCredentials caller, CancellationToken cancellationToken)
        => AskAsync("GetSessionToken", caller.ForSdk(), async (sts, stop) => (await sts.GetSessionTokenAsync(request, stop).ConfigureAwait(false)).Credentials, cancellationToken);

    private Task<AwsCredentials> AskAsync(string operation, AWSCredentials caller, Func<Library, CancellationToken, Task<Credentials?>> call, CancellationToken stop) => meter.MeasureAsync(operation, async () =>
    {
        try
        {
            using var sts = new Library(caller, settings);
            return Of(await call(sts, stop).ConfigureAwait(false)) ?? throw failures.Foreign(operation);
        }
        catch (Exception failure) when (AwsFailures.IsUntold(failure))
        {
            throw failures.Of(failure, operation, stop);
        }
    });

    private static AwsCredentials? Of(Credentials? given) => given is { AccessKeyId.Length: > 0, SecretAccessKey.Length: > 0, SessionToken.Length: > 0, Expiration: { } end }
        ? new(given.AccessKeyId, given.SecretAccessKey, given.SessionToken, end.ToUniversalTime())
        : null;

    /// <summary>The SDK's client.</summary>
    private sealed class Library(AWSCredentials credentials, AmazonSecurityTokenServiceConfig settings) : AmazonSecurityTokenServiceClient(credentials, settings)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            AwsPipeline.Adapt(pipeline, Config);
        }
    }
}
