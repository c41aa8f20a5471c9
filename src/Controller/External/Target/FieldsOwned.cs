using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>
/// What an ExternalSecret wrote into its Secret, as <c>metadata.managedFields</c> has it: that, and nothing of others, goes when it is no longer wanted. The original
/// looks for labels and annotations under the plain manager even where it writes under the hashed one, so both are read.
/// </summary>
internal sealed class FieldsOwned
{
    private const string Field = "f:";

    private readonly HashSet<string> data = new(StringComparer.Ordinal);
    private readonly HashSet<string> labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> annotations = new(StringComparer.Ordinal);
    private readonly List<JsonObject> contents = [];

    public IReadOnlySet<string> Data => data;

    public IReadOnlySet<string> Labels => labels;

    public IReadOnlySet<string> Annotations => annotations;

    public static FieldsOwned None { get; } = new();

    public static FieldsOwned Of(ObjectMeta? metadata, string sourceName) => Read(metadata, manager => IsOf(manager, sourceName));

    /// <summary>What any ExternalSecret wrote there, and nobody since.</summary>
    public static FieldsOwned OfAny(ObjectMeta? metadata) => Read(metadata, manager => manager.StartsWith(ExternalSecretNames.FieldManagerPrefix, StringComparison.Ordinal));

    /// <summary>What other ExternalSecrets wrote there, and nobody since.</summary>
    public static FieldsOwned OfOthers(ObjectMeta? metadata, string sourceName) =>
        Read(metadata, manager => manager.StartsWith(ExternalSecretNames.FieldManagerPrefix, StringComparison.Ordinal) && !IsOf(manager, sourceName));

    /// <summary>Puts what was written, as it is in one object, into another; a list is taken whole.</summary>
    public void Restore(JsonObject from, JsonObject to)
    {
        foreach (var fields in contents) Restore(fields.Where(field => field.Key is not ("f:metadata" or "f:status")), from, to);
    }

    private static void Restore(IEnumerable<KeyValuePair<string, JsonNode?>> fields, JsonObject from, JsonObject to)
    {
        foreach (var (field, below) in fields)
        {
            if (!field.StartsWith(Field, StringComparison.Ordinal) || from[field[Field.Length..]] is not { } value) continue;
            var name = field[Field.Length..];
            if (value is JsonObject inner && to[name] is JsonObject target && below is JsonObject { Count: > 0 } deeper) Restore(deeper, inner, target);
            else to[name] = value.DeepClone();
        }
    }

    private static FieldsOwned Read(ObjectMeta? metadata, Func<string, bool> isChosen)
    {
        var owned = new FieldsOwned();
        foreach (var entry in metadata?.ManagedFields ?? [])
        {
            if (entry is not JsonObject described || described["manager"].AsText() is not { } name || !isChosen(name) || described["fieldsV1"] is not JsonObject fields) continue;
            Add(owned.data, Child(fields, "f:data"));
            var marks = Child(fields, "f:metadata");
            Add(owned.labels, Child(marks, "f:labels"));
            Add(owned.annotations, Child(marks, "f:annotations"));
            owned.contents.Add(fields);
        }
        return owned;
    }

    private static bool IsOf(string manager, string sourceName) => manager == TargetIdentity.FieldManager(sourceName) || manager == ExternalSecretNames.FieldManagerPrefix + sourceName;

    private static void Add(HashSet<string> names, JsonObject? fields)
    {
        foreach (var (key, _) in fields ?? [])
        {
            if (key.StartsWith(Field, StringComparison.Ordinal)) names.Add(key[Field.Length..]);
        }
    }

    private static JsonObject? Child(JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;
}
