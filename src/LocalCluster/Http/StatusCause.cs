namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>An entry of <c>details.causes</c>.</summary>
internal sealed record StatusCause(string Reason, string Message, string Field);
