using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External.Target;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>Decides, without touching anything, what happens to the Secret in the cluster. The order of the checks is the rule.</summary>
/// <param name="draft">What the source wants.</param>
/// <param name="existing">What is there; <c>null</c> for nothing.</param>
/// <param name="sourceChanged">
/// The source is new or was edited since we last wrote. Then the Secret becomes exactly what the source says. Otherwise
/// only what we wrote is held in place, and labels or annotations that somebody else added since stay: to remove them
/// again and again would be a fight between two controllers.
/// </param>
internal sealed class WritePolicy(SecretDraft draft, Secret? existing, bool sourceChanged)
{
    /// <summary>The field manager of our writes.</summary>
    public const string FieldManager = "gitopssecrets";

    /// <summary>Of what a SealedSecret writes: by it a Secret without owner is known again.</summary>
    public const string SealedFieldManager = "gitopssecrets-sealedsecret";

    /// <summary>Of what it adds to another's Secret, which does not become its own by that.</summary>
    public const string PatchFieldManager = "gitopssecrets-patch";

    private const string DefaultType = "Opaque";

    private readonly Secret wanted = draft.Secret;

    /// <summary>Under which a SealedSecret writes.</summary>
    public static string ManagerOf(Secret? existing) => existing is not null && IsPatch(existing) ? PatchFieldManager : SealedFieldManager;

    public WriteDecision Decide()
    {
        if (existing is null) return new WriteDecision(WriteAction.Create, wanted); // nothing there: no one to ask
        if (!IsOurs(existing) && !IsOpenToUs(existing)) return Refuse(NotOurs(existing)); // never touch what somebody else made
        var next = Merge(existing);
        if (Same(existing, next)) return WriteDecision.Nothing;                     // also: an immutable Secret that is right
        if (TypeOf(existing) != TypeOf(next)) return Refuse(OtherType(existing));   // the API server would refuse, less clearly
        if (existing.Immutable == true && !SameItems(existing, next)) return Refuse(IsImmutable());
        return new WriteDecision(WriteAction.Update, next);
    }

    /// <summary>The source controls it, or it is what such a source wrote without an owner reference because that was asked for.</summary>
    private bool IsOurs(Secret secret) =>
        SecretOrigin.IsControlledBy(draft.OwnerUid, secret)
        || (!draft.ClaimsOwnership && !SecretOrigin.IsControlledByAnother(secret, draft) && (Same(secret, Overwrite(secret)) || IsLeftBySource(secret)));

    private bool IsLeftBySource(Secret secret) =>
        !SecretOrigin.IsOfController(secret, draft.Reserved)
        && (IsMarkedOwnerless(secret) || SecretOrigin.IsWrittenBy(SealedFieldManager, secret) || SecretOrigin.IsFromEarlierVersion(secret));

    private static bool IsMarkedOwnerless(Secret secret) => secret.Metadata.HasTrueAnnotation(SealedSecretAnnotations.SkipSetOwnerReferences);

    /// <summary>Whoever may write the Secret has said so on the Secret itself; or the source says so, which costs nobody a key.</summary>
    private bool IsOpenToUs(Secret secret) => MayBeTaken(secret) || IsManaged(secret) || IsPatch(secret);

    private bool MayBeTaken(Secret secret) => draft.TakesOver && !SecretOrigin.IsOfController(secret, draft.Reserved) && !SecretOrigin.IsOfAnotherKind(secret, draft);

    private bool IsManaged(Secret secret) => secret.Metadata.HasTrueAnnotation(draft.ManagedAnnotation);

    /// <summary>Whether a SealedSecret adds its items to what is in the Secret.</summary>
    public static bool IsPatched(Secret secret) => IsPatch(secret) && SecretOrigin.IsWrittenBy(PatchFieldManager, secret);

    private static bool IsPatch(Secret secret) => secret.Metadata.HasTrueAnnotation(SealedSecretAnnotations.Patch);

    private Secret Merge(Secret secret) => IsPatch(secret) ? Patch(secret) : Overwrite(secret);

    /// <summary>Items, labels and annotations of the source are added or replaced, all others stay; owned only when also managed.</summary>
    private Secret Patch(Secret secret) => secret with
    {
        Data = Union(secret.Data, wanted.Data),
        Metadata = secret.Metadata with
        {
            Labels = Union(secret.Metadata.Labels, wanted.Metadata.Labels),
            Annotations = Union(secret.Metadata.Annotations, wanted.Metadata.Annotations),
            OwnerReferences = IsManaged(secret) ? wanted.Metadata.OwnerReferences : secret.Metadata.OwnerReferences,
            ManagedFields = null,
        },
        Type = wanted.Type ?? secret.Type,
        Immutable = ImmutableAfter(secret),
    };

    private Secret Overwrite(Secret secret) => secret with
    {
        Data = Union(FilledIn(secret, secret.Data, item => TokenSecret.IsFilledIn(item) && !SecretOrigin.IsItemOf(SealedFieldManager, item, secret)), sourceChanged ? wanted.Data : Union(wanted.Data, MergedInto(secret))),
        Metadata = secret.Metadata with
        {
            Labels = Union(sourceChanged ? FilledIn(secret, secret.Metadata.Labels, TokenSecret.IsLabelledWith) : secret.Metadata.Labels, wanted.Metadata.Labels),
            Annotations = Union(sourceChanged ? FilledIn(secret, secret.Metadata.Annotations, TokenSecret.IsAnnotatedWith) : secret.Metadata.Annotations, wanted.Metadata.Annotations),
            OwnerReferences = Owners(secret.Metadata.OwnerReferences),
            ManagedFields = null,
        },
        Type = wanted.Type ?? DefaultType,
        Immutable = ImmutableAfter(secret),
    };

    /// <summary>Items that an ExternalSecret merges into it: it would put them back, and so on for ever. The originals live side by side too.</summary>
    private static SortedDictionary<string, byte[]?>? MergedInto(Secret secret)
    {
        var theirs = FieldsOwned.OfAny(secret.Metadata).Data;
        return theirs.Count == 0 || secret.Data is null ? null : new(secret.Data.Where(item => theirs.Contains(item.Key)).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private SortedDictionary<string, T>? FilledIn<T>(Secret secret, SortedDictionary<string, T>? there, Func<string, bool> isFilledIn)
    {
        if (there is null || !TokenSecret.IsFilledFor(wanted, secret)) return null;
        var filled = there.Where(entry => isFilledIn(entry.Key)).ToDictionary(StringComparer.Ordinal);
        return filled.Count == 0 ? null : new(filled, StringComparer.Ordinal);
    }

    private IReadOnlyList<OwnerReference>? Owners(IReadOnlyList<OwnerReference>? present)
    {
        var ours = wanted.Metadata.OwnerReferences ?? [];
        var alreadyThere = ours.All(reference => present?.Contains(reference) == true);
        return !sourceChanged && alreadyThere ? present : ours;
    }

    /// <summary>Can be switched on, never off: the API server does not allow it, so asking would fail for ever.</summary>
    private bool? ImmutableAfter(Secret secret) => secret.Immutable == true || wanted.Immutable == true ? true : secret.Immutable;

    private static bool Same(Secret left, Secret right) =>
        TypeOf(left) == TypeOf(right)
        && (left.Immutable ?? false) == (right.Immutable ?? false)
        && SameItems(left, right)
        && SameText(left.Metadata.Labels, right.Metadata.Labels)
        && SameText(left.Metadata.Annotations, right.Metadata.Annotations)
        && (left.Metadata.OwnerReferences ?? []).SequenceEqual(right.Metadata.OwnerReferences ?? []);

    private static bool SameItems(Secret left, Secret right)
    {
        if ((left.Data?.Count ?? 0) != (right.Data?.Count ?? 0)) return false;
        foreach (var (name, bytes) in left.Data ?? [])
        {
            if (!right.Data!.TryGetValue(name, out var other) || !bytes.AsSpan().SequenceEqual(other)) return false;
        }
        return true;
    }

    private static bool SameText(SortedDictionary<string, string>? left, SortedDictionary<string, string>? right) =>
        (left ?? []).SequenceEqual(right ?? []);

    private static string TypeOf(Secret secret) => string.IsNullOrEmpty(secret.Type) ? DefaultType : secret.Type;

    private static SortedDictionary<string, T>? Union<T>(SortedDictionary<string, T>? under, SortedDictionary<string, T>? over)
    {
        if (over is null or { Count: 0 }) return under;
        var union = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in under ?? []) union[key] = value;
        foreach (var (key, value) in over) union[key] = value;
        return union;
    }

    private static WriteDecision Refuse(WriteRefusal refusal) => new(WriteAction.Refuse, Refusal: refusal);

    private WriteRefusal NotOurs(Secret secret)
    {
        var message = $"Resource \"{wanted.Metadata.Name}\" already exists and is not managed by {draft.OwnerKind}";
        // The source took the annotation back. Its mark alone, which anybody may have copied, takes no Secret over.
        var remedy = IsMarkedOwnerless(secret) ? $"; it was made with {SealedSecretAnnotations.SkipSetOwnerReferences}: annotate the Secret with {draft.ManagedAnnotation}=true to have it taken over" : "";
        return new WriteRefusal(WriteRefusal.Unmanaged, message, $"failed update: {message}{remedy}");
    }

    private WriteRefusal OtherType(Secret secret)
    {
        var message = $"the target Secret has type \"{TypeOf(secret)}\" and the field is immutable; delete the Secret to have it made as \"{TypeOf(wanted)}\"";
        return new WriteRefusal(WriteRefusal.Update, message, message);
    }

    private WriteRefusal IsImmutable()
    {
        var message = $"Error updating {wanted.Metadata.Namespace}/{wanted.Metadata.Name}: the target Secret is immutable. Once a Secret is marked as immutable, "
            + "it is not possible to revert this change nor to mutate the contents of the data field. You can only delete and recreate the Secret.";
        return new WriteRefusal(WriteRefusal.Update, message, message);
    }
}
