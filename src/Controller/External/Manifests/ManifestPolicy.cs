using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.External.Manifests;

/// <summary>
/// Decides, without touching anything, what happens to a target that is no Secret. Owner and Orphan write all of it but what others put into its metadata and its
/// status; Merge and CreateOrMerge write into what is there. The order of the checks is the rule.
/// </summary>
internal sealed class ManifestPolicy(ManifestDraft draft, JsonObject? existing)
{
    private const string Metadata = "metadata";
    private const string Status = "status";
    private const string Data = "data";
    private const string Spec = "spec";
    private const string Immutable = "immutable";

    private readonly ObjectMeta present = MetadataOf(existing);

    private bool IsMerging => existing is not null && draft.CreationPolicy is CreationPolicy.Merge or CreationPolicy.CreateOrMerge;

    /// <exception cref="TargetTemplateException">The template does not fit what is there, or gives nothing.</exception>
    public ManifestDecision Decide()
    {
        if (existing is null) return draft.CreationPolicy == CreationPolicy.Merge ? new ManifestDecision(TargetAction.Absent) : new ManifestDecision(TargetAction.Create, Next());
        if (TargetMetadata.Controller(present) is { } controller)
        {
            var isExternalSecret = TargetMetadata.IsExternalSecret(controller);
            if (isExternalSecret && controller.Name != draft.Owner.Name) return Refuse(ExternalReasons.OwnedByAnother, $"{draft.Name} belongs to ExternalSecret {controller.Name}");
            if (!isExternalSecret && draft.Owner.IsOwning) return Refuse(ExternalReasons.CouldNotOwn, $"{draft.Name} belongs to {controller.ApiVersion} {controller.Kind} {controller.Name}");
        }
        var next = Next();
        if (JsonNode.DeepEquals(Content(existing), Content(next)) && TargetMetadata.Same(present, MetadataOf(next))) return new ManifestDecision(TargetAction.Nothing);
        if (draft.IsConfigMap && IsTrue(existing[Immutable]) && !(JsonNode.DeepEquals(existing[Data], next[Data]) && JsonNode.DeepEquals(existing["binaryData"], next["binaryData"])))
        {
            return Refuse(ExternalReasons.Immutable, "its data would have to change; delete it, and it is made anew");
        }
        return new ManifestDecision(TargetAction.Update, next);
    }

    public static ObjectMeta MetadataOf(JsonObject? item) => item?[Metadata] is JsonObject metadata ? metadata.Deserialize(KubeJson.Default.ObjectMeta) ?? new ObjectMeta() : new ObjectMeta();

    /// <summary>What the original's hash on the object is over; null when it has nothing of that.</summary>
    public static JsonNode? Hashed(JsonObject item) => item[Spec] ?? item[Data];

    /// <summary>All that somebody may have written: neither status nor what the API server adds.</summary>
    public static JsonObject Content(JsonObject item)
    {
        var content = item.DeepClone().AsObject();
        content.Remove(Metadata);
        content.Remove(Status);
        return content;
    }

    private JsonObject Next()
    {
        var next = Base();
        draft.Rendered.ApplyTo(next);
        // As with Secrets.
        var spared = IsMerging && draft.IsMending ? FieldsOwned.OfOthers(present, draft.Owner.Name) : FieldsOwned.None;
        if (existing is not null) spared.Restore(existing, next);
        if (draft.IsConfigMap && (draft.Immutable || IsTrue(existing?[Immutable]))) next[Immutable] = true;
        var hashed = Hashed(next) ?? throw new TargetTemplateException("the manifest has neither spec nor data");
        var owned = FieldsOwned.Of(present, draft.Owner.Name);
        var metadata = present with
        {
            Name = draft.Name,
            Namespace = draft.Owner.Namespace,
            Labels = TargetMetadata.Over(present.Labels, owned.Labels, spared.Labels, draft.Rendered.Labels),
            Annotations = TargetMetadata.Over(present.Annotations, owned.Annotations, spared.Annotations, draft.Rendered.Annotations),
            Finalizers = TargetMetadata.Finalizers(present.Finalizers, draft.Rendered.Finalizers),
            ManagedFields = null,
        };
        next[Metadata] = JsonSerializer.SerializeToNode(TargetMetadata.Marked(metadata, draft.Owner, ObjectHash.OfContent(hashed)), KubeJson.Default.ObjectMeta);
        return next;
    }

    /// <summary>What is written into: the object that is there, or an empty one under its status.</summary>
    private JsonObject Base()
    {
        if (IsMerging)
        {
            var there = existing!.DeepClone().AsObject();
            // Items that we wrote and that are no longer wanted go; of deeper fields nobody can tell.
            if (draft.IsConfigMap && there[Data] is JsonObject data) foreach (var key in FieldsOwned.Of(present, draft.Owner.Name).Data) data.Remove(key);
            return there;
        }
        var empty = new JsonObject
        {
            ["apiVersion"] = draft.Kind.ApiVersion,
            ["kind"] = draft.Kind.Kind,
            [draft.IsConfigMap ? Data : Spec] = new JsonObject(),
        };
        if (existing?[Status] is { } status) empty[Status] = status.DeepClone();
        return empty;
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private static ManifestDecision Refuse(string message, string cause) => new(TargetAction.Refuse, null, message, cause);
}
