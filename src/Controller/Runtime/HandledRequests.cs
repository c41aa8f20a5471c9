using System.Collections.Concurrent;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Which request for a pass was acted upon last, where no status is written that would say so. What the process before did nobody knows: a request that stands over an object when it is first
/// seen counts as acted upon, since what is not current is looked into anyway. Thread-safe.
/// </summary>
internal sealed class HandledRequests
{
    private readonly ConcurrentDictionary<NamespacedName, string?> last = new();

    /// <summary>As a status would say it.</summary>
    public string? LastOf(NamespacedName key, ObjectMeta metadata) => last.TryGetValue(key, out var handled) ? handled : metadata.Annotation(ReconcileRequest.Annotation);

    /// <summary>A pass over the object came to its end.</summary>
    public void Handled(NamespacedName key, ObjectMeta metadata) => last[key] = metadata.Annotation(ReconcileRequest.Annotation);

    public void Forget(NamespacedName key) => last.TryRemove(key, out _);
}
