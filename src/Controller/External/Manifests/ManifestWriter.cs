using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>Brings a target that is no Secret in line: a ConfigMap, or an object of any kind that the API server has.</summary>
internal sealed class ManifestWriter(KubeClient kube, ManifestKinds kinds, ManifestWatches watches, TargetMaker maker, TargetOrphans orphans, WorkloadRestarter restarter, ExternalLedger ledger, bool isAllowed) : IExternalTarget
{
    private const string Disabled = "spec.target.manifest: generic targets are disabled. Enable with --unsafe-allow-generic-targets, and allow the controller to write the kind";

    public async ValueTask<(ExternalView Seen, ExternalOutcome.Failed? Failure)> LookAsync(ExternalView seen, CancellationToken cancellationToken)
    {
        var manifest = seen.Source.Spec.Target!.Manifest!;
        if (!isAllowed) return (seen, Invalid(Disabled));
        if (!ManifestKinds.IsApiVersion(manifest.ApiVersion)) return (seen, Invalid("spec.target.manifest.apiVersion is neither VERSION nor GROUP/VERSION"));
        if (seen.CreationPolicy == CreationPolicy.None) return (seen, null);
        KubeResource? resource = null;
        try
        {
            resource = await kinds.FindAsync(manifest, cancellationToken).ConfigureAwait(false);
            if (resource is null) return (seen, Unseen($"spec.target.manifest: the API server has no kind {manifest.Kind} in {manifest.ApiVersion}", null));
            if (!resource.Namespaced) return (seen, Invalid($"spec.target.manifest: {resource} live in no namespace, and an ExternalSecret writes into its own only"));
            var existing = await kube.FindAsync(KubeKind.Untyped(resource), seen.Target, cancellationToken).ConfigureAwait(false);
            // Not sooner: what may not be read need not be watched in vain.
            watches.Follow(manifest, resource);
            var hash = existing is null ? null : HashOf(ManifestPolicy.MetadataOf(existing));
            return (seen with { Manifest = new ManifestTarget(resource, existing), SecretHash = hash }, null);
        }
        catch (KubeApiException refused)
        {
            return (seen, Unseen(resource is null ? $"the API server answers {refused.Code} {refused.Reason} when it is asked for {manifest.ApiVersion}" : ManifestRefusal.Of(refused, resource), refused.RetryAfter));
        }
    }

    public Task<bool> IsRightAsync(ExternalView seen, CancellationToken cancellationToken) => Task.FromResult(IsRight(seen));

    public ExternalOutcome Verified(ExternalView seen)
    {
        if (seen.Manifest?.Existing is { } existing) ledger.Shaped(seen.Key, ShapeOf(existing));
        if (seen.Last is { } last && last.Mark != MarkOf(seen)) ledger.Synced(seen.Key, last with { Mark = MarkOf(seen) });
        return new ExternalOutcome.Unchanged();
    }

    public ExternalOutcome NothingToWrite(ExternalView seen, DateTimeOffset now) =>
        new ExternalOutcome.Synced(ExternalReasons.ResourceSynced, ExternalReasons.Synced, new LastSync(seen.Version, now, now, MarkOf(seen)), null, []);

    public async Task<ExternalOutcome> EmptyAsync(ExternalView seen, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken)
    {
        if (seen.DeletionPolicy != DeletionPolicy.Delete)
        {
            return new ExternalOutcome.Synced(ExternalReasons.ResourceSynced, ExternalReasons.Retained, sync with { Mark = sync.Mark with { Secret = SecretOf(seen), Target = seen.Last?.Mark.Target ?? "" } }, null, events);
        }
        if (seen.CreationPolicy != CreationPolicy.Owner) return Failed(ExternalReasons.CouldNotDeleteResource, "deletionPolicy Delete needs creationPolicy Owner", Final: false, null, events);
        if (seen.Manifest is { Existing: { } existing } there)
        {
            if (!TargetMetadata.IsControlledBy(ManifestPolicy.MetadataOf(existing), seen.Key.Name))
            {
                return Failed(ExternalReasons.CouldNotDeleteResource, $"{seen.Target.Name} is not this ExternalSecret's, so it stays", Final: false, null, events);
            }
            try
            {
                await DeleteAsync(there.Resource, seen.Target, ManifestPolicy.MetadataOf(existing), cancellationToken).ConfigureAwait(false);
            }
            catch (KubeApiException refused) when (!refused.IsNotFound)
            {
                return Failed(ExternalReasons.CouldNotDeleteResource, ManifestRefusal.Of(refused, there.Resource), Final: false, refused.RetryAfter, events);
            }
            events = [.. events, ExternalEvent.Normal(ExternalReasons.EventDeleted, $"Deleted {KindOf(seen)} {seen.Target.Name}")];
        }
        ledger.Shaped(seen.Key, null);
        return new ExternalOutcome.Synced(ExternalReasons.ResourceDeleted, ExternalReasons.Deleted, sync, null, events);
    }

    public async Task<ExternalOutcome> WriteAsync(ExternalView seen, IReadOnlyDictionary<string, byte[]> values, LastSync sync, IReadOnlyList<ExternalEvent> events, CancellationToken cancellationToken)
    {
        var (told, resource, existing, writtenBefore) = (events.ToList(), seen.Manifest!.Resource, seen.Manifest.Existing, ledger.WrittenSecret(seen.Key));
        try
        {
            // c  draft
            var draft = await DraftAsync(seen, values, cancellationToken).ConfigureAwait(false);
            // d  decide
            var decision = new ManifestPolicy(draft, existing).Decide();
            if (decision.Action == TargetAction.Refuse) return Failed(decision.Message, decision.Cause, Final: true, null, told);
            if (decision.Action == TargetAction.Absent) return new ExternalOutcome.Synced(ExternalReasons.ResourceMissing, ExternalReasons.ResourceNotThere, sync, null, told);

            // e  write
            var written = await WriteAsync(KubeKind.Untyped(resource), decision, TargetIdentity.FieldManager(seen.Key.Name), cancellationToken).ConfigureAwait(false);
            var (before, now) = (ManifestPolicy.MetadataOf(existing), ManifestPolicy.MetadataOf(written ?? existing));
            ledger.Shaped(seen.Key, ShapeOf((written ?? existing)!));
            // The API server fills in what the template leaves out, and takes what says nothing new for nothing.
            var contest = default(Func<string>);
            if (written is not null && now.ResourceVersion != before.ResourceVersion)
            {
                contest = () => SecretContest.Told($"the {KindOf(seen)} \"{seen.Target.Name}\"", existing is null ? null : before, TargetIdentity.FieldManager(seen.Key.Name));
                ledger.Wrote(seen.Key, seen.Target, now.Uid, now.ResourceVersion);
                if (existing is not null && !JsonNode.DeepEquals(ManifestPolicy.Content(existing), ManifestPolicy.Content(written))) await RestartAsync(seen, draft.IsConfigMap, cancellationToken).ConfigureAwait(false);
                told.Add(ExternalEvent.Normal(existing is null ? ExternalReasons.EventCreated : ExternalReasons.EventUpdated, $"{(existing is null ? "Created" : "Updated")} {KindOf(seen)} {seen.Target.Name}"));
            }
            var left = draft.Owner.IsOwning ? await orphans.DeleteAsync(seen, writtenBefore, told, cancellationToken).ConfigureAwait(false) : null;
            return new ExternalOutcome.Synced(ExternalReasons.ResourceSynced, ExternalReasons.Synced + Unused(seen, draft) + (left is null ? "" : $"; {left}"), sync with { Mark = sync.Mark with { Secret = HashOf(now), Target = TargetOf(seen) } }, null, told) { Contest = contest };
        }
        catch (TargetTemplateException template)
        {
            return Failed(ExternalReasons.CouldNotApply, template.PublicMessage, Final: false, null, told);
        }
        catch (KubeApiException refused) when (!refused.IsOvertaken)
        {
            return Failed(ExternalReasons.CouldNotUpdate, ManifestRefusal.Of(refused, resource), Final: false, refused.RetryAfter, told);
        }
    }

    private async Task<ManifestDraft> DraftAsync(ExternalView seen, IReadOnlyDictionary<string, byte[]> values, CancellationToken cancellationToken)
    {
        var target = seen.Source.Spec.Target!;
        var owner = new TargetOwner(seen.Key.Namespace, seen.Key.Name, seen.Source.Metadata.Uid ?? "", seen.CreationPolicy == CreationPolicy.Owner);
        var empty = new ManifestDraft(target.Manifest!, owner, seen.Target.Name, seen.CreationPolicy, target.Immutable == true, null!) { IsMending = seen.IsMending };
        return empty with { Rendered = await maker.MakeManifestAsync(seen.Source, values, empty.IsConfigMap, cancellationToken).ConfigureAwait(false) };
    }

    private async Task<JsonObject?> WriteAsync(KubeKind<JsonObject> kind, ManifestDecision decision, string manager, CancellationToken cancellationToken) => decision.Action switch
    {
        TargetAction.Create => await OwnerBlocking.WriteAsync(decision.Object!, OwnerBlocking.Without, item => kube.CreateAsync(kind, item, cancellationToken, manager)).ConfigureAwait(false),
        TargetAction.Update => await OwnerBlocking.WriteAsync(decision.Object!, OwnerBlocking.Without, item => kube.UpdateAsync(kind, item, cancellationToken, manager)).ConfigureAwait(false),
        _ => null,
    };

    private Task RestartAsync(ExternalView seen, bool isConfigMap, CancellationToken cancellationToken)
    {
        var changed = isConfigMap ? ChangedObject.ConfigMap(seen.Target.Namespace, seen.Target.Name) : ChangedObject.Other(seen.Target.Namespace, seen.Target.Name);
        return restarter.AfterChangeAsync(EventSubject.Of(ExternalSecretNames.GroupV1, ExternalSecret.ExternalSecretKind, seen.Source.Metadata), seen.Source.Metadata, changed, cancellationToken);
    }

    private Task DeleteAsync(KubeResource resource, NamespacedName key, ObjectMeta metadata, CancellationToken cancellationToken) =>
        kube.DeleteAsync(resource, key, new DeletePreconditions(metadata.Uid, metadata.ResourceVersion), cancellationToken);

    private bool IsRight(ExternalView seen)
    {
        // Nobody's business until the next refresh, as the original has it.
        if (seen.CreationPolicy is CreationPolicy.Orphan or CreationPolicy.None) return true;
        if (seen.Manifest?.Existing is not { } existing) return false;
        if (ledger.ShapeOf(seen.Key) is { } shape)
        {
            // Its status is somebody else's, and changes all the time.
            if (shape == ShapeOf(existing)) return true;
            // Of generated values there are no old ones, and a new password for an edited label would be worse than the edit.
            if (!ExternalCaches.GeneratorsOf(seen.Source).Any()) return false;
        }
        var metadata = ManifestPolicy.MetadataOf(existing);
        return metadata.Labels?.GetValueOrDefault(ExternalSecretNames.ManagedLabel) == "true"
            && ManifestPolicy.Hashed(existing) is { } hashed && metadata.Annotation(ExternalSecretNames.DataHashAnnotation) == ObjectHash.OfContent(hashed)
            && (seen.CreationPolicy != CreationPolicy.Owner || TargetMetadata.IsControlledBy(metadata, seen.Key.Name));
    }

    /// <summary>A hash over all that somebody may write but the status. It never leaves the process: whoever may see the ExternalSecret need not see what it is over.</summary>
    private static string ShapeOf(JsonObject item)
    {
        var content = ManifestPolicy.Content(item);
        var metadata = ManifestPolicy.MetadataOf(item);
        content["metadata"] = new JsonArray(
            ObjectHash.OfMetadata(metadata.Annotations, metadata.Labels), string.Join(',', metadata.Finalizers ?? []), string.Join(',', (metadata.OwnerReferences ?? []).Select(owner => $"{owner.Uid} {owner.Controller}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ObjectHash.OfContent(content))));
    }

    private static string Unused(ExternalView seen, ManifestDraft draft)
    {
        var target = seen.Source.Spec.Target!;
        List<string> unused = [];
        if (!string.IsNullOrEmpty(target.Template?.Type)) unused.Add("spec.target.template.type");
        if (target.Immutable == true && !draft.IsConfigMap) unused.Add("spec.target.immutable");
        return unused.Count == 0 ? "" : $"; {string.Join(" and ", unused)} mean nothing to the kind {KindOf(seen)}";
    }

    private static string KindOf(ExternalView seen) => seen.Source.Spec.Target!.Manifest!.Kind;

    private static string HashOf(ObjectMeta metadata) => ExternalMark.HashSecret(metadata.Uid, metadata.ResourceVersion);

    private static string SecretOf(ExternalView seen) => seen.SecretHash ?? ExternalMark.NoSecret;

    private static ExternalMark MarkOf(ExternalView seen) => new(seen.Inputs, SecretOf(seen), seen.Generators.Length > 0 ? seen.Generators : seen.Last?.Mark.Generators ?? "", seen.Last?.Mark.Target ?? "");

    private static string TargetOf(ExternalView seen) => ExternalMark.TargetName(seen.Source.Spec.Target!.Manifest!, seen.Target.Name);

    private static ExternalOutcome.Failed Invalid(string cause) => new(ExternalReasons.InvalidTarget, cause, Final: true, null, []);

    private static ExternalOutcome.Failed Unseen(string cause, TimeSpan? retryAfter) => Failed(ExternalReasons.CouldNotGetResource, cause, Final: false, retryAfter, []);

    private static ExternalOutcome.Failed Failed(string message, string cause, bool Final, TimeSpan? retryAfter, IReadOnlyList<ExternalEvent> events) =>
        new(message, cause, Final, retryAfter, events) { Reason = ExternalReasons.ResourceSyncedError };
}
