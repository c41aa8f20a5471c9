namespace GitOpsSecrets.Controller.Kube;

/// <summary>No usable answer came from the API server: no connection, no trust, no credentials, no time, or no JSON. Worth retrying. The message is fit for the log: it quotes neither the server nor other libraries.</summary>
internal sealed class KubeTransportException(string message, Exception? innerException = null) : Exception(message, innerException);
