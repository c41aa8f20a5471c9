using System.Text.Json;
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
    private readonly HashSet<string> data = new(StringComparer.Ordinal);
    private readonly HashSet<string> labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> annotations = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Data => data;

    public IReadOnlySet<string> Labels => labels;

    public IReadOnlySet<string> Annotations => annotations;

    public static FieldsOwned Of(Secret? secret, string sourceName) => Of(secret?.Metadata, sourceName);

    public static FieldsOwned Of(ObjectMeta? metadata, string sourceName)
    {
        var owned = new FieldsOwned();
        var (manager, plain) = (TargetIdentity.FieldManager(sourceName), ExternalSecretNames.FieldManagerPrefix + sourceName);
        foreach (var entry in metadata?.ManagedFields ?? [])
        {
            if (entry is not JsonObject fields || Text(fields["manager"]) is not { } name || (name != manager && name != plain)) continue;
            Add(owned.data, Child(fields["fieldsV1"], "f:data"));
            var marks = Child(fields["fieldsV1"], "f:metadata");
            Add(owned.labels, Child(marks, "f:labels"));
            Add(owned.annotations, Child(marks, "f:annotations"));
        }
        return owned;
    }

    private static void Add(HashSet<string> names, JsonObject? fields)
    {
        const string Field = "f:";
        foreach (var (key, _) in fields ?? [])
        {
            if (key.StartsWith(Field, StringComparison.Ordinal)) names.Add(key[Field.Length..]);
        }
    }

    private static JsonObject? Child(JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
