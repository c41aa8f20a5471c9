namespace GitOpsSecrets.Controller.Kube;

/// <summary>It cannot be told how to reach the API server; the message says which file or setting is at fault.</summary>
internal sealed class KubeConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);
