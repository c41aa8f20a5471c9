using global::Azure.Core;
using global::Azure.Core.Pipeline;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>The vendor's libraries over our own calls: what is settled for all providers (proxies, limits, repetitions, redirects, guarded addresses) is not settled twice.</summary>
internal static class AzureLibraries
{
    public static T Quiet<T>(T options, HttpClient http) where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(http);
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.Diagnostics.IsTelemetryEnabled = options.Diagnostics.IsLoggingEnabled = options.Diagnostics.IsLoggingContentEnabled = options.Diagnostics.IsDistributedTracingEnabled = false;
        return options;
    }
}
