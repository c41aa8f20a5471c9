using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Does what the test says, and remembers for whom.</summary>
internal sealed class ScriptedReconciler(Func<NamespacedName, CancellationToken, Task<ReconcileResult>> script) : IReconciler
{
    public ConcurrentQueue<NamespacedName> Calls { get; } = new();

    public Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        Calls.Enqueue(key);
        return script(key, cancellationToken);
    }
}
