namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>A limit was reached; the executor adds the position.</summary>
internal sealed class LimitExceededException(string message) : Exception(message);
