namespace GitOpsSecrets.Controller.Http;

/// <summary>A port cannot be opened; says which flag asks for it, and what to do.</summary>
internal sealed class ListenException(string message, Exception cause) : IOException(message, cause);
