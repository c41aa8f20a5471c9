namespace GitOpsSecrets.Controller.Sops;

/// <summary>An object failed in a way that may pass; status, event and metrics say how. Makes the queue back off.</summary>
internal sealed class SopsFailedException(string reason) : Exception(reason);
