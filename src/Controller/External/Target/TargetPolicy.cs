using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>Decides, without touching anything, what happens to the Secret of an ExternalSecret. The order of the checks is the rule.</summary>
internal sealed class TargetPolicy(TargetDraft draft, Secret? existing)
{
    private const string DefaultType = "Opaque";

    private readonly FieldsOwned owned = FieldsOwned.Of(existing?.Metadata, draft.SourceName);
    private readonly FieldsOwned theirs = FieldsOwned.OfOthers(existing?.Metadata, draft.SourceName);

    private bool IsMerging => draft.CreationPolicy is CreationPolicy.Merge or CreationPolicy.CreateOrMerge;

    /// <summary>
    /// Two that merge one item would put it right after each other for ever. So who only mends leaves what another ExternalSecret wrote; a refresh writes over it, as in
    /// the original.
    /// </summary>
    private FieldsOwned Spared => IsMerging && draft.IsMending ? theirs : FieldsOwned.None;

    private bool IsOwning => draft.CreationPolicy == CreationPolicy.Owner;

    /// <summary>Items that another ExternalSecret writes too, and otherwise.</summary>
    public IReadOnlyList<string> Contested => !IsMerging ? [] :
    [
        .. draft.Rendered.Data.Where(item => theirs.Data.Contains(item.Key) && existing?.Data?.GetValueOrDefault(item.Key) is { } there && !there.AsSpan().SequenceEqual(item.Value)).Select(item => item.Key),
    ];

    public TargetDecision Decide()
    {
        if (existing is null) return draft.CreationPolicy == CreationPolicy.Merge ? TargetDecision.Absent : new TargetDecision(TargetAction.Create, Next(new Secret { Type = null }));
        if (Controller(existing) is { } controller)
        {
            var isExternalSecret = TargetMetadata.IsExternalSecret(controller);
            if (isExternalSecret && controller.Name != draft.SourceName) return TargetDecision.Refuse(ExternalReasons.OwnedByAnother, $"{existing.Metadata.Name} belongs to ExternalSecret {controller.Name}");
            if (!isExternalSecret && IsOwning) return TargetDecision.Refuse(ExternalReasons.CouldNotOwn, $"{existing.Metadata.Name} belongs to {controller.ApiVersion} {controller.Kind} {controller.Name}");
        }
        // Else the two would write over each other for ever.
        if (IsOwning && WritePolicy.IsPatched(existing)) return TargetDecision.Refuse(ExternalReasons.CouldNotOwn, $"a SealedSecret adds to {existing.Metadata.Name} (annotation {SealedSecretAnnotations.Patch}): use creationPolicy Merge, or take the annotation off");
        // Frozen as it was asked for: only what says whose it is is kept up.
        var next = draft.Immutable && existing.Immutable == true ? Frozen(existing) : Next(existing);
        if (Same(existing, next)) return TargetDecision.Nothing;
        if (TemplateRules.AsksForToken(next.Type, next.Metadata.Annotations, existing.Type, existing.Metadata.Annotations))
            return TargetDecision.Refuse(ExternalReasons.CouldNotUpdate, $"with its annotations it would become a token of the service account {TemplateRules.ServiceAccountName} names: take that annotation off {existing.Metadata.Name}, or choose another template.type");
        if (existing.Immutable == true && !SameItems(existing, next)) return TargetDecision.Refuse(ExternalReasons.Immutable, "its data would have to change; delete it, and it is made anew");
        if (TypeOf(existing) != TypeOf(next))
        {
            // The API server lets nobody change the type of a Secret.
            return IsOwning && IsOurs(existing)
                ? new TargetDecision(TargetAction.Replace, next)
                : TargetDecision.Refuse(ExternalReasons.CouldNotUpdate, $"its type is {TypeOf(existing)} and cannot be changed to {TypeOf(next)}; delete it, and it is made anew");
        }
        return new TargetDecision(TargetAction.Update, next);
    }

    public static bool IsControlledBy(Secret secret, string sourceName) => TargetMetadata.IsControlledBy(secret.Metadata, sourceName);

    private bool IsOurs(Secret secret) => IsControlledBy(secret, draft.SourceName);

    private static OwnerReference? Controller(Secret secret) => TargetMetadata.Controller(secret.Metadata);

    private Secret Next(Secret under)
    {
        var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        if (IsMerging) foreach (var (key, value) in under.Data ?? []) if (!owned.Data.Contains(key)) data[key] = value;
        foreach (var (key, value) in draft.Rendered.Data) if (!Spared.Data.Contains(key) || !data.ContainsKey(key)) data[key] = value;
        return Marked(under with
        {
            Type = string.IsNullOrEmpty(draft.Rendered.Type) ? under.Type ?? DefaultType : draft.Rendered.Type,
            Data = data,
            Immutable = draft.Immutable || under.Immutable == true ? true : under.Immutable,
            Metadata = under.Metadata with
            {
                Name = draft.Name,
                Namespace = draft.Namespace,
                Labels = TargetMetadata.Over(under.Metadata.Labels, owned.Labels, Spared.Labels, draft.Rendered.Labels),
                Annotations = TargetMetadata.Over(under.Metadata.Annotations, owned.Annotations, Spared.Annotations, draft.Rendered.Annotations),
                Finalizers = TargetMetadata.Finalizers(under.Metadata.Finalizers, draft.Rendered.Finalizers),
                ManagedFields = null,
            },
        });
    }

    private Secret Frozen(Secret under) => Marked(under with { Metadata = under.Metadata with { ManagedFields = null } });

    /// <summary>With all that says whose it is.</summary>
    private Secret Marked(Secret secret)
    {
        var metadata = TargetMetadata.Marked(secret.Metadata, new TargetOwner(draft.Namespace, draft.SourceName, draft.SourceUid, IsOwning), ObjectHash.OfData(secret.Data ?? []));
        return secret with { Metadata = metadata };
    }

    private static bool Same(Secret left, Secret right) =>
        TypeOf(left) == TypeOf(right)
        && (left.Immutable ?? false) == (right.Immutable ?? false)
        && SameItems(left, right)
        && TargetMetadata.Same(left.Metadata, right.Metadata);

    private static bool SameItems(Secret left, Secret right)
    {
        if ((left.Data?.Count ?? 0) != (right.Data?.Count ?? 0)) return false;
        foreach (var (name, bytes) in left.Data ?? [])
        {
            if (!right.Data!.TryGetValue(name, out var other) || !bytes.AsSpan().SequenceEqual(other)) return false;
        }
        return true;
    }

    private static string TypeOf(Secret secret) => string.IsNullOrEmpty(secret.Type) ? DefaultType : secret.Type;
}
