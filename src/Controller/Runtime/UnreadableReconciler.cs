namespace GitOpsSecrets.Controller.Runtime;

/// <summary>Leaves to the reconciler of the kind what can be read as that; what cannot is told to whoever wrote it.</summary>
internal sealed class UnreadableReconciler(IReconciler inner, IReadOnlyList<Follower> sources, UnreadableReport report) : IReconciler
{
    /// <summary>To be called once, before the sources run.</summary>
    public UnreadableReconciler Connect(WorkQueue queue)
    {
        foreach (var source in sources) source.OnUnreadable(queue.Add);
        return this;
    }

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (source.FindUnreadable(key) is not { } found) continue;
            await report.ReportAsync(found, cancellationToken).ConfigureAwait(false);
            return ReconcileResult.Done;
        }
        return await inner.ReconcileAsync(key, cancellationToken).ConfigureAwait(false);
    }
}
