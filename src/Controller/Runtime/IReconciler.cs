namespace GitOpsSecrets.Controller.Runtime;

/// <summary>Makes the world match what one object declares.</summary>
internal interface IReconciler
{
    /// <summary>
    /// Called for a key whenever anything about it may have changed, never twice at once for the same key. The object may be gone.
    /// </summary>
    /// <exception cref="TerminalException">Trying again is useless until something changes.</exception>
    Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken);
}
