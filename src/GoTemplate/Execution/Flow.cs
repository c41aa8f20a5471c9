namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>How a node ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
