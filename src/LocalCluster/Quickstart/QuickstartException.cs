namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The quickstart cannot go on; the message says why and what to do, and holds no secret.</summary>
internal sealed class QuickstartException(string message) : Exception(message);
