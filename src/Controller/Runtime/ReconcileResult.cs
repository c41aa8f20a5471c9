namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What a successful reconcile asks for.</summary>
/// <param name="RequeueAfter">When to look at the key again though nothing changed, or <c>null</c>.</param>
internal readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    /// <summary>Nothing more to do until something changes.</summary>
    public static ReconcileResult Done => default;
}
