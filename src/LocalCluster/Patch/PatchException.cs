namespace GitOpsSecrets.LocalCluster.Patch;

/// <summary>A patch that cannot be applied to this document. The message holds paths, never values.</summary>
internal sealed class PatchException(string message) : Exception(message);
