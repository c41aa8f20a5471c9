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
internal sealed class SealingKeyReconciler(
    Func<NamespacedName, bool> counts, SecretWriter secrets, SealingKeyStore keys, EventRecorder events, ControllerOptions options, ILogger logger) : IReconciler
{
    public const string RejectedReason = "SealingKeyRejected";

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var secret = counts(key) ? await secrets.FindAsync(key, cancellationToken).ConfigureAwait(false) : null;
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
        if (!keys.Reject(key.Name, problem!)) return ReconcileResult.Done;
        SealedLog.KeyRejected(logger, key, problem!);
        events.Record(EventSubject.Of(Secret.SecretApiVersion, Secret.SecretKind, secret.Metadata), EventType.Warning, RejectedReason, $"this sealing key cannot be used and is skipped: {problem}");
        return ReconcileResult.Done;
    }

    private bool IsKey(Secret secret) =>
        secret.Metadata.Labels?.GetValueOrDefault(SealedSecretAnnotations.SealingKeyLabel) is { } label
            ? label == SealedSecretAnnotations.ActiveKey
            : secret.Metadata.Name == options.KeyPrefix;
}
