using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// What wakes a SopsSecret: itself; any change of a Secret that it controls, or that stands in its way; and, for those that do not open, a Secret that
/// holds keys.
/// </summary>
internal sealed class SopsWatches(SopsCaches caches, SopsKeySources keys, SopsLedger ledger, WorkQueue queue)
{
    private static readonly TimeSpan Vacancy = TimeSpan.FromSeconds(2);

    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        foreach (var sources in caches.Sources) sources.OnChange(OnSource);
        foreach (var secrets in caches.Secrets) secrets.OnChange(OnSecret);
    }

    /// <summary>A change of the status alone is our own writing: to wake for it would try every failure twice.</summary>
    private void OnSource(ObjectChange<SopsSecret> change)
    {
        if (change is { Old: { } old, New: { } now } && !Matters(old.Metadata, now.Metadata) && !ledger.IsAwaited(change.Key)) return;
        queue.Add(change.Key);
    }

    private void OnSecret(ObjectChange<PartialObjectMetadata> change)
    {
        var isEcho = ledger.IsEcho(change.Key, change.New?.ResourceVersion);
        if (change.New is null) ledger.SecretGone(change.Key);
        foreach (var source in SopsCaches.SourcesOf(change.Old).Concat(SopsCaches.SourcesOf(change.New)).Distinct())
        {
            if (!isEcho && !caches.SeesEverySecret && caches.Find(source) is not null) ledger.Touches.Add(source);
            if (!isEcho || ledger.IsAwaited(source)) queue.Add(source);
        }
        // Whoever replaces an object by deleting and creating it gets a moment to finish.
        foreach (var source in ledger.ObstructedBy(change.Key)) queue.AddAfter(source, change.New is null ? Vacancy : TimeSpan.Zero);
        if (change.New is not null && !isEcho) OnKeys(change.Key);
    }

    private void OnKeys(NamespacedName secret)
    {
        var all = keys.IsOfCluster(secret);
        foreach (var key in ledger.Failing)
        {
            if (caches.Find(key) is { } source && (all || keys.OwnSecretOf(source) == secret)) queue.Add(key);
        }
    }

    /// <summary>Whether an object is looked at for such a change.</summary>
    public static bool Matters(ObjectMeta old, ObjectMeta now) =>
        old.Uid != now.Uid
        || old.Generation != now.Generation
        || old.DeletionTimestamp != now.DeletionTimestamp
        || !(old.Annotations ?? []).SequenceEqual(now.Annotations ?? []);
}
