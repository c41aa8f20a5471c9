using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Sops.Documents.Json;

namespace GitOpsSecrets.Sops.Documents;

/// <summary>Between parts of documents and JSON, for those who set values or read a manifest.</summary>
public static class DocumentJson
{
    /// <summary>Any JSON value: what <c>set</c> takes.</summary>
    /// <exception cref="SopsException">Malformed or limit.</exception>
    public static DocumentNode Parse(ReadOnlySpan<byte> json, SopsLimits? limits = null) => JsonReader.Read(json, limits ?? SopsLimits.Default);

    /// <summary>A tree without comments. Times become text; text that is not UTF-8 is an error, for a manifest holds such bytes in base64.</summary>
    /// <exception cref="SopsException"><see cref="SopsFailure.Content"/>.</exception>
    public static JsonNode? ToJsonNode(DocumentNode node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.Where(e => !e.IsComment).Select(e => KeyValuePair.Create(e.Key, ToJsonNode(e.Value)))),
        ListNode list => new JsonArray([.. list.Items.Where(i => i is not CommentNode).Select(ToJsonNode)]),
        ScalarNode scalar => ToJsonValue(scalar),
        _ => throw new ArgumentException("A comment is no value.", nameof(node)),
    };

    private static JsonValue? ToJsonValue(ScalarNode scalar) => scalar.Kind switch
    {
        ScalarKind.Null => null,
        ScalarKind.Whole => JsonValue.Create(long.Parse(scalar.GetText(), CultureInfo.InvariantCulture)),
        ScalarKind.Real when Values.GoFloat.TryParse(scalar.GetText(), out var real) && double.IsFinite(real) => JsonValue.Create(real),
        ScalarKind.Real => throw new SopsException(SopsFailure.Content, "a number that JSON does not have"),
        ScalarKind.Boolean => JsonValue.Create(scalar.Bytes.AsSpan().SequenceEqual("True"u8)),
        _ => JsonValue.Create(DocumentText.TryDecode(scalar.Bytes) ?? throw new SopsException(SopsFailure.Content, "a value that is not UTF-8 text")),
    };
}
