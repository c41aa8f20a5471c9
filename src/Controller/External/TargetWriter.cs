using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External;

/// <summary>Brings the Secret of an ExternalSecret in line: reads it, asks the policy, writes.</summary>
internal sealed class TargetWriter(TargetMaker maker, TargetOrphans orphans, SecretWriter secrets, WorkloadRestarter restarter, ExternalLedger ledger) : IExternalTarget
{
    /// <summary>The caches show all Secrets.</summary>
    public ValueTask<(ExternalView Seen, ExternalOutcome.Failed? Failure)> LookAsync(ExternalView seen, CancellationToken cancellationToken) => ValueTask.FromResult<(ExternalView, ExternalOutcome.Failed?)>((seen, null));

    /// <summary>Whether the Secret is as an ExternalSecret left it, though nothing remembers that: read once, after a start without memory.</summary>
    public async Task<bool> IsRightAsync(ExternalView seen, CancellationToken cancellationToken)
    {
        // Nobody's business until the next refresh, as the original has it.
        if (seen.CreationPolicy is CreationPolicy.Orphan or CreationPolicy.None) return true;
        if (seen.SecretHash is null) return false;
        // Touched by somebody: it is made anew. Of generated values there are no old ones, and a new password for an edited label would be worse than the edit.
        if (seen.Last is { Mark.Secret.Length: > 0 } && seen.Source.Spec.DataFrom?.Any(entry => entry.SourceRef?.GeneratorRef is not null) != true) return false;
        var secret = await secrets.FindAsync(seen.Target, cancellationToken).ConfigureAwait(false);
        return secret is not null
            && secret.Metadata.Labels?.GetValueOrDefault(ExternalSecretNames.ManagedLabel) == "true"
            && secret.Metadata.Annotation(ExternalSecretNames.DataHashAnnotation) == ObjectHash.OfData(secret.Data ?? [])
            && (seen.CreationPolicy != CreationPolicy.Owner || TargetPolicy.IsControlledBy(secret, seen.Key.Name));
    }

    /// <summary>Remembers that the Secret was found to be right.</summary>
    public ExternalOutcome Verified(ExternalView seen)
    {
        if (seen.Last is { } last && last.Mark != MarkOf(seen)) ledger.Synced(seen.Key, last with { Mark = MarkOf(seen) });
        return new ExternalOutcome.Unchanged();
    }

    /// <summary>With creationPolicy None nothing is written, so nothing is fetched.</summary>
    public ExternalOutcome NothingToWrite(ExternalView seen, DateTimeOffset now) =>
        new ExternalOutcome.Synced(ExternalReasons.SecretSynced, ExternalReasons.Synced, new LastSync(seen.Version, now, now, MarkOf(seen)), seen.Target.Name, []);

    /// <summary>The provider has no values at all.</summary>
    public async Task<ExternalOutcome> EmptyAsync(ExternalView seen, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken)
    {
        if (seen.DeletionPolicy != DeletionPolicy.Delete)
        {
            return new ExternalOutcome.Synced(ExternalReasons.SecretSynced, ExternalReasons.Retained, sync with { Mark = sync.Mark with { Secret = SecretOf(seen), Target = seen.Last?.Mark.Target ?? "" } }, null, events);
        }
        if (seen.CreationPolicy != CreationPolicy.Owner)
        {
            return new ExternalOutcome.Failed(ExternalReasons.CouldNotDelete, "deletionPolicy Delete needs creationPolicy Owner", Final: false, null, events);
        }
        var secret = await secrets.FindAsync(seen.Target, cancellationToken).ConfigureAwait(false);
        if (secret is not null && !TargetPolicy.IsControlledBy(secret, seen.Key.Name))
        {
            return new ExternalOutcome.Failed(ExternalReasons.CouldNotDelete, $"{seen.Target.Name} is not this ExternalSecret's, so it stays", Final: false, null, events);
        }
        if (secret is not null)
        {
            await secrets.DeleteAsync(secret, cancellationToken).ConfigureAwait(false);
            events = [.. events, ExternalEvent.Normal(ExternalReasons.EventDeleted, ExternalReasons.Deleted)];
        }
        return new ExternalOutcome.Synced(ExternalReasons.SecretDeleted, ExternalReasons.Deleted, sync, null, events);
    }

    public async Task<ExternalOutcome> WriteAsync(ExternalView seen, IReadOnlyDictionary<string, byte[]> values, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken)
    {
        // c  draft
        using var rendered = await maker.MakeAsync(seen.Source, values, cancellationToken).ConfigureAwait(false);
        var existing = seen.SecretHash is null ? null : await secrets.FindAsync(seen.Target, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(seen, DraftOf(seen, rendered), existing, sync, events, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An immutable Secret: all but its data is looked after.</summary>
    public async Task<ExternalOutcome?> KeepAsync(ExternalView seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!IsImmutable(seen) || seen.SecretHash is null || await secrets.FindAsync(seen.Target, cancellationToken).ConfigureAwait(false) is not { Immutable: true } existing) return null;
        using var nothing = TargetRenderer.WithoutTemplate(new Dictionary<string, byte[]>(), [], []);
        return await WriteAsync(seen, DraftOf(seen, nothing), existing, new LastSync(seen.Version, now, now, MarkOf(seen)), [], cancellationToken).ConfigureAwait(false);
    }

    private static bool IsImmutable(ExternalView seen) => seen.Source.Spec.Target?.Immutable == true;

    private static TargetDraft DraftOf(ExternalView seen, RenderedTarget rendered) =>
        new(seen.Key.Namespace, seen.Key.Name, seen.Source.Metadata.Uid ?? "", seen.Target.Name, seen.CreationPolicy, IsImmutable(seen), rendered) { IsMending = seen.IsMending };

    private async Task<ExternalOutcome> WriteAsync(ExternalView seen, TargetDraft draft, Secret? existing, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken)
    {
        var (told, writtenBefore) = (events.ToList(), ledger.WrittenSecret(seen.Key));

        // d  decide
        var policy = new TargetPolicy(draft, existing);
        var (decision, contested) = (policy.Decide(), policy.Contested);
        if (decision.Action == TargetAction.Refuse)
        {
            // Two that exchange their names would else wait for each other.
            if (draft.CreationPolicy == CreationPolicy.Owner && orphans.IsExchange(seen, writtenBefore, seen.Target.Name)) await orphans.DeleteAsync(seen, writtenBefore, told, cancellationToken).ConfigureAwait(false);
            return new ExternalOutcome.Failed(decision.Message, decision.Cause, Final: true, null, told);
        }
        if (decision.Action == TargetAction.Absent) return new ExternalOutcome.Synced(ExternalReasons.SecretMissing, ExternalReasons.Missing, sync, null, told);

        // e  write
        Secret? written;
        try
        {
            written = await WriteAsync(draft, existing, decision, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            var stays = decision.Action == TargetAction.Replace ? $"; its type cannot be changed to {decision.Secret!.Type} so, and the Secret stays as it was" : "";
            return new ExternalOutcome.Failed(ExternalReasons.CouldNotUpdate, ManifestRefusal.Of(refused, ClusterKinds.SecretResource) + stays, Final: false, refused.RetryAfter, told);
        }
        catch (SecretLostException lost)
        {
            var why = lost.Refusal is { } refusal ? $" ({ManifestRefusal.Of(refusal, ClusterKinds.SecretResource)})" : "";
            return new ExternalOutcome.Failed(ExternalReasons.CouldNotUpdate, lost.Message + why, Final: false, lost.Refusal?.RetryAfter, told);
        }
        if (written is not null)
        {
            ledger.Wrote(seen.Key, seen.Target, written.Metadata.Uid, written.Metadata.ResourceVersion);
            await restarter.AfterWriteAsync(EventSubject.Of(ExternalSecretNames.GroupV1, ExternalSecret.ExternalSecretKind, seen.Source.Metadata), seen.Source.Metadata, existing, written, cancellationToken).ConfigureAwait(false);
            told.Add(existing is null ? ExternalEvent.Normal(ExternalReasons.EventCreated, "secret created") : ExternalEvent.Normal(ExternalReasons.EventUpdated, "secret updated"));
        }
        var left = draft.CreationPolicy == CreationPolicy.Owner ? await orphans.DeleteAsync(seen, writtenBefore, told, cancellationToken).ConfigureAwait(false) : null;
        var now = (written ?? existing)!.Metadata;
        var message = draft.Immutable && existing?.Immutable == true ? $"{ExternalReasons.Synced}; it is immutable, as was asked for, and keeps its data" : ExternalReasons.Synced;
        if (contested.Count > 0) message += $"; another ExternalSecret writes {string.Join(", ", contested)} too: who refreshes last wins";
        // What was written was written: a failure would have values made anew.
        if (left is not null) message += $"; {left}";
        return new ExternalOutcome.Synced(
            ExternalReasons.SecretSynced, message, sync with { Mark = sync.Mark with { Secret = ExternalMark.HashSecret(now.Uid, now.ResourceVersion) } }, seen.Target.Name, told)
        {
            Contest = written is null ? null : () => SecretContest.Told($"the Secret \"{seen.Target.Name}\"", existing?.Metadata, TargetIdentity.FieldManager(draft.SourceName)),
        };
    }

    private async Task<Secret?> WriteAsync(TargetDraft draft, Secret? existing, TargetDecision decision, CancellationToken cancellationToken)
    {
        var manager = TargetIdentity.FieldManager(draft.SourceName);
        switch (decision.Action)
        {
            case TargetAction.Replace:
                return await secrets.ReplaceAsync(existing!, decision.Secret!, cancellationToken, manager).ConfigureAwait(false);
            case TargetAction.Create:
                return await secrets.WriteAsync(new WriteDecision(WriteAction.Create, decision.Secret), cancellationToken, manager).ConfigureAwait(false);
            case TargetAction.Update:
                return await secrets.WriteAsync(new WriteDecision(WriteAction.Update, decision.Secret), cancellationToken, manager).ConfigureAwait(false);
            default:
                return null;
        }
    }

    /// <summary>Of what was not made in this pass. What made it before, and is not to be seen now, is not forgotten.</summary>
    private static ExternalMark MarkOf(ExternalView seen) => new(seen.Inputs, SecretOf(seen), seen.Generators.Length > 0 ? seen.Generators : seen.Last?.Mark.Generators ?? "", seen.Last?.Mark.Target ?? "");

    private static string SecretOf(ExternalView seen) => seen.SecretHash ?? ExternalMark.NoSecret;
}
