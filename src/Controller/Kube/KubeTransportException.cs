namespace GitOpsSecrets.Controller.Kube;

/// <summary>No usable answer came from the API server: no connection, no trust, no credentials, no time, or no JSON. Worth retrying.</summary>
internal sealed class KubeTransportException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The proxy that was in between, as <c> through the proxy host:port</c>; empty for none.</summary>
    public string Through { get; init; } = "";
}
