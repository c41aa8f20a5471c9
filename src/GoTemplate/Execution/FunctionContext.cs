namespace GitOpsSecrets.GoTemplate.Execution;

/// <summary>What functions may use beside their arguments.</summary>
internal sealed record FunctionContext(ExecutionBudget Budget, TimeProvider Time, RandomBytes Random, int MaxDepth);
