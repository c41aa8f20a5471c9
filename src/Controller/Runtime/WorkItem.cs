namespace GitOpsSecrets.Controller.Runtime;

/// <summary>A key handed to a worker.</summary>
/// <param name="Key">Whom to reconcile; <see cref="WorkQueue.Done"/> must follow.</param>
/// <param name="Waited">How long the key stood ready in the queue, its delay not counted.</param>
internal readonly record struct WorkItem(NamespacedName Key, TimeSpan Waited);
