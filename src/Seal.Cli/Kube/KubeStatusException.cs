using System.Net;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>The API server (or what it passed the request on to) answered, and the answer is no.</summary>
internal sealed class KubeStatusException(HttpStatusCode status, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>How long the answer asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
