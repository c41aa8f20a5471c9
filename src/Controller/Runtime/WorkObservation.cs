namespace GitOpsSecrets.Controller.Runtime;

/// <summary>One finished reconcile.</summary>
/// <param name="Waited">Ready in the queue before it began.</param>
/// <param name="Took">The reconcile itself.</param>
internal readonly record struct WorkObservation(NamespacedName Key, WorkOutcome Outcome, TimeSpan Waited, TimeSpan Took);
