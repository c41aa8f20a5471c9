using Amazon.Runtime;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>The SDK over our own calls: what is settled for all providers (proxies, limits, repetitions, redirects, guarded addresses) is not settled twice.</summary>
/// <param name="http">Not ended by the SDK.</param>
/// <param name="clock">Signs.</param>
internal sealed class AwsTransport(HttpClient http, AwsClock clock) : HttpClientFactory
{
    private const long LeastToCompress = 10_240;

    public AwsClock Clock => clock;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <summary>Settings of a client of the SDK that decides nothing by itself.</summary>
    /// <param name="endpoint">Where it asks, whatever the process's environment says.</param>
    /// <param name="region">In which it signs.</param>
    public T Quiet<T>(T settings, Uri endpoint, string region) where T : ClientConfig
    {
        settings.HttpClientFactory = this;
        // With another end the SDK would sign one path and ask at another.
        settings.ServiceURL = endpoint.AbsoluteUri.TrimEnd('/') + "/";
        settings.AuthenticationRegion = region;
        settings.UseFIPSEndpoint = settings.UseDualstackEndpoint = false;
        settings.DefaultConfigurationMode = DefaultConfigurationMode.Standard;
        settings.RetryMode = RequestRetryMode.Standard;
        settings.MaxErrorRetry = settings.MaxStaleConnectionRetries = 0;
        settings.ThrottleRetries = false;
        settings.DisableClockSkewCorrection = settings.DisableLogging = true;
        // All that it would look up in the environment and in a profile, where one that makes no sense ends every call of the process.
        settings.IgnoreConfiguredEndpointUrls = settings.DisableRequestCompression = true;
        settings.EndpointDiscoveryEnabled = false;
        settings.RequestMinCompressionSizeBytes = LeastToCompress;
        settings.AccountIdEndpointMode = AccountIdEndpointMode.DISABLED;
        settings.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_SUPPORTED;
        settings.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_SUPPORTED;
        settings.AuthSchemePreference = [];
        settings.SigV4aSigningRegionSet = [];
        settings.ClientAppId = "";
        return settings;
    }

    /// <summary>Around each call: writes carry a token or are the same twice, so that a repetition does no harm.</summary>
    public sealed class Repeatable(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.Set(ProviderRequest.MayRepeat, true);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
