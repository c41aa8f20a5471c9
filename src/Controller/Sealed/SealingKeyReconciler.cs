using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// Key Secret → key in the store; runs on every replica. A key Secret counts while it carries the label with the value
/// <c>active</c>, or is the one of before labels existed, named exactly as the prefix. One that cannot be used is
/// reported and skipped, and never stops anything else.
/// </summary>
/// <param name="shown">What the watches show of a key Secret; <c>null</c> when it is none.</param>
internal sealed class SealingKeyReconciler(
    KubeClient kube, Func<NamespacedName, PartialObjectMetadata?> shown, SealingKeyStore keys, EventRecorder events, ControllerOptions options, ILogger logger) : IReconciler
{
    public const string RejectedReason = "SealingKeyRejected";

    /// <summary>When to try again to read one that was refused: a role that comes later wakes nobody.</summary>
    public static readonly TimeSpan RefusedRetry = TimeSpan.FromSeconds(10);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        try
        {
            return Take(key, shown(key) is null ? null : await ReadAsync(key, cancellationToken).ConfigureAwait(false));
        }
        catch (KubeApiException refused) when (refused.IsForbidden)
        {
            Report(key, $"the controller may not list secrets in namespace {key.Namespace} ({KubeFailure.Describe(refused)})", stays: true);
            return new ReconcileResult(RefusedRetry);
        }
    }

    /// <summary>By the right that found it: the original's roles give <c>list</c> on key Secrets, and <c>get</c> on one of them at most.</summary>
    private async Task<Secret?> ReadAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var query = new ListQuery { Namespace = key.Namespace, FieldSelector = $"metadata.name={key.Name}" };
        return (await kube.ListAsync(ClusterKinds.Secrets, query, cancellationToken).ConfigureAwait(false)).SingleOrDefault();
    }

    private ReconcileResult Take(NamespacedName key, Secret? secret)
    {
        if (secret is null || !IsKey(secret))
        {
            if (keys.Remove(key.Name)) SealedLog.KeyGone(logger, key);
            return ReconcileResult.Done;
        }
        var (found, problem) = SealingKeySecret.Read(secret, options.KeyOrderPriority, options.AllowExampleKey);
        if (found is not null)
        {
            if (keys.Put(key.Name, found)) SealedLog.KeyTaken(logger, key, found.Fingerprint);
            return ReconcileResult.Done;
        }
        Report(key, problem!, stays: false);
        return ReconcileResult.Done;
    }

    private void Report(NamespacedName key, string problem, bool stays)
    {
        if (!keys.Reject(key.Name, problem, stays)) return;
        SealedLog.KeyRejected(logger, key, problem);
        var subject = new ObjectMeta { Namespace = key.Namespace, Name = key.Name, Uid = shown(key)?.Uid };
        events.Record(EventSubject.Of(Secret.SecretApiVersion, Secret.SecretKind, subject), EventType.Warning, RejectedReason, stays ? $"this sealing key could not be read; if it was before, it stays in use: {problem}" : $"this sealing key cannot be used and is skipped: {problem}");
    }

    private bool IsKey(Secret secret) =>
        secret.Metadata.Labels?.GetValueOrDefault(SealedSecretAnnotations.SealingKeyLabel) is { } label
            ? label == SealedSecretAnnotations.ActiveKey
            : secret.Metadata.Name == options.KeyPrefix;
}
