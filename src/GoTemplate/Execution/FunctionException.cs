namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>A template function failed, by error or by panic in Go's terms; the executor adds name and position.</summary>
internal sealed class FunctionException(string message) : Exception(message);
