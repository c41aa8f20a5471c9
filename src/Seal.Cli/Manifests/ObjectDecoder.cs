using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>Objects of an input as the kind that is wanted; anything else is refused by name and place.</summary>
internal static class ObjectDecoder
{
    /// <summary>A Secret. One without kind passes, as in the original: hand-written input often has none.</summary>
    /// <exception cref="CommandException">Another kind, or fields that a Secret cannot have. Names the field, never its value.</exception>
    public static Secret Secret(ManifestObject source, bool yaml) => Secret(source, yaml, static _ => []);

    /// <summary>As <see cref="Secret(ManifestObject, bool)"/>, with the numbers and booleans that the original seals as text; each is told.</summary>
    public static Secret SecretToSeal(ManifestObject source, bool yaml) => Secret(source, yaml, UnquotedTexts.Quote);

    /// <exception cref="CommandException">Another kind, or fields that a SealedSecret cannot have.</exception>
    public static SealedSecret SealedSecret(ManifestObject source)
    {
        if (!IsSealedSecret(source)) throw new CommandException($"{source} is not a SealedSecret");
        // The reader passes over such a field, and what is in it would be lost, here or at the next writing.
        if (FieldNames.WrongOf(source.Node) is var (written, name))
        {
            var problem = $"{written} is no field of a SealedSecret, and whatever is in it is lost: write {name}";
            throw new CommandException($"{source}: {problem}") { Problem = problem };
        }
        // The reader passes over what is no text, as the original's does; in a file that is a mistake, and whoever writes the rest again loses the item.
        if (source.Node["spec"] is JsonObject spec && spec["encryptedData"] is { } items) RequireTexts(items, source);
        var value = Decode(source.Node, ApiJson.Compact.SealedSecret, problem => $"{source}: {problem}");
        return value with { Metadata = value.Metadata ?? new ObjectMeta(), Spec = value.Spec ?? new SealedSecretSpec() };
    }

    /// <exception cref="CommandException">Fields that an ExternalSecret cannot have.</exception>
    public static ExternalSecret ExternalSecret(ManifestObject source) =>
        Decode(source.Node, ApiJson.Compact.ExternalSecret, problem => $"{source}: {problem}");

    public static bool IsExternalSecret(ManifestObject source) => source.Kind == Api.ExternalSecrets.ExternalSecret.ExternalSecretKind;

    /// <summary>Also where the case of <c>kind</c> is wrong, so that nothing passes over it.</summary>
    public static bool IsSealedSecret(ManifestObject source) => (source.Kind ?? FieldNames.WrongKindOf(source.Node)) == Api.SealedSecret.SealedSecretKind;

    private static Secret Secret(ManifestObject source, bool yaml, Func<JsonObject, List<string>> quote)
    {
        if (source.Kind is not (null or Api.Secret.SecretKind))
            throw new CommandException($"{source} is not a Secret; only Secrets can be sealed{Hint(source.Kind)}");
        if (OrdinaryObjects.ReadSecret(source.Node) is not { } secret)
        {
            foreach (var (written, name) in FieldNames.Correct(source.Node, problem => new CommandException(source.Place.Explain(problem))))
                Talk.Warn(source.Place.Explain($"{written} is taken for {name}, as kubeseal takes it; the API server does not"));
            var quoted = quote(source.Node);
            secret = Decode(source.Node, ApiJson.Compact.Secret, problem => source.Place.Explain(yaml ? $"error unmarshaling JSON: while decoding JSON: {problem}" : problem));
            foreach (var field in quoted) Talk.Warn(source.Place.Explain($"{field} is not quoted: it is the text of the number or boolean that YAML reads; quote it where it is meant as it is written"));
        }
        // "metadata:" may be absent or null in what people write; the reader leaves null then.
        return secret with { Metadata = secret.Metadata ?? new ObjectMeta() };
    }

    private static void RequireTexts(JsonNode items, ManifestObject source)
    {
        if (items is not JsonObject map) throw Refused("spec.encryptedData is no map of items to sealed values, and the API server refuses it");
        foreach (var (name, value) in map)
        {
            if (value?.GetValueKind() is not JsonValueKind.String)
                throw Refused($"spec.encryptedData.{name} is no sealed value (base64 text), and the API server refuses it; seal the item again or remove it");
        }

        CommandException Refused(string problem) => new($"{source}: {problem}") { Problem = problem };
    }

    private static T Decode<T>(JsonNode node, JsonTypeInfo<T> type, Func<string, string> explain)
    {
        try
        {
            return node.Deserialize(type)!;
        }
        catch (JsonException failure)
        {
            var problem = WrongForm(node, failure) ?? failure.Message;
            throw new CommandException(explain(problem), failure) { Problem = problem };
        }
    }

    /// <summary>For what is of another form than its field, such as the numbers and truths that YAML makes of <c>1</c> and <c>y</c>: the serializer would name our types.</summary>
    private static string? WrongForm(JsonNode root, JsonException failure)
    {
        if (failure.Path is not { Length: > 2 } path) return null;
        var (field, node) = (path[2..], At(root, path));
        if (node is JsonValue scalar && scalar.GetValueKind() is not JsonValueKind.String)
            return $"{field} is a {(scalar.GetValueKind() == JsonValueKind.Number ? "number" : "boolean")}, which this field cannot be; quote it where it is meant as text";
        if (!failure.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)) return null;
        return node switch
        {
            JsonArray => $"{field} is a list, which this field cannot be",
            JsonObject => $"{field} is a map, which this field cannot be",
            _ => $"{field} is not of the form that this field has",
        };
    }

    /// <param name="path">Such as <c>$.spec.data[0].remoteRef</c>.</param>
    private static JsonNode? At(JsonNode root, string path)
    {
        var node = root;
        foreach (var part in path.Split('.', '[').Skip(1))
        {
            node = part.EndsWith(']') && int.TryParse(part.AsSpan(0, part.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? (node as JsonArray)?.ElementAtOrDefault(index) : (node as JsonObject)?[part];
        }
        return node;
    }

    private static string Hint(string kind) => kind == Api.SealedSecret.SealedSecretKind ? "; this one is sealed already (to seal it again: seal reencrypt)" : "";
}
